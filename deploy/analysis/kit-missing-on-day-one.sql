-- What was not ready when new people arrived, per team? `missing` lists the things, the most often missing first.
with teams as (
    select tenant, data ->> 'team_id' as team_id, arg_max(data ->> 'name', version) as team
    from facts where name in ('onboarding.team-formed', 'onboarding.team-renamed') group by all
), welcomes as (
    select tenant, data ->> 'team_id' as team_id, cast(data -> 'missing' as varchar[]) as missing
    from facts where name = 'onboarding.hire-welcomed'
), things as (
    select tenant, team_id, thing, count(*) as times
    from (select tenant, team_id, unnest(missing) as thing from welcomes) group by all
), per_team as (
    select tenant, team_id, list(thing order by times desc, thing) as missing from things group by all
)
select tenant, team_id, team, count(*) as welcomed, count(*) filter (where len(welcomes.missing) > 0) as incomplete,
       round(100.0 * incomplete / welcomed, 1) as incomplete_percent, any_value(per_team.missing) as missing
from welcomes
left join teams using (tenant, team_id)
left join per_team using (tenant, team_id)
group by all
order by tenant, incomplete_percent desc, team;
