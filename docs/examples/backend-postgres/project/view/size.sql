SELECT count(*) AS files, sum(size) AS bytes FROM crg.file
