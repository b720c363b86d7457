-- Which stages pass their due day, and what was open then? `days_over` is how late they ended after all.
with started as (
    select tenant, data ->> 'stage' as stage, count(*) as started
    from facts where name = 'onboarding.stage-started' group by all
), stalled as (
    select tenant, data ->> 'stage' as stage, data ->> 'person_id' as person_id, data ->> 'journey_no' as journey_no,
           min(cast(data ->> 'due_on' as date)) as due_on,
           list_distinct(flatten(list(cast(data -> 'open' as varchar[])))) as still_open
    from facts where name = 'onboarding.journey-stalled' group by all
), ended as (
    select tenant, data ->> 'stage' as stage, data ->> 'person_id' as person_id, data ->> 'journey_no' as journey_no,
           cast(data ->> 'completed_on' as date) as completed_on
    from facts where name = 'onboarding.stage-completed'
), open_then as (
    select tenant, stage, person_id, journey_no, unnest(still_open) as what from stalled
)
select tenant, stage, what as open_then, any_value(started) as stages_started, count(*) as stalled,
       median(completed_on - due_on) as median_days_over
from open_then
join stalled using (tenant, stage, person_id, journey_no)
join started using (tenant, stage)
left join ended using (tenant, stage, person_id, journey_no)
group by all
order by tenant, stalled desc, stage, open_then;
