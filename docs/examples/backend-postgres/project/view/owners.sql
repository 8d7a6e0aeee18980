SELECT owner, count(*) AS files FROM crg.file GROUP BY owner ORDER BY owner
