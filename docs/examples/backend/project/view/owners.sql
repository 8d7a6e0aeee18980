SELECT team AS owner, count(*) AS files FROM file GROUP BY team
