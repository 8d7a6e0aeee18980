SELECT count(*) AS files, sum(lines) AS lines FROM file
