module agentslock/steps

go 1.19
