-- How much coaching and monitoring comes before own contacts, that is before the first stage that opens contact types
-- ends, per template version? Journeys that are not there yet, and records that were taken back, don't count.
with journeys as (
    select tenant, stream, data ->> 'journey_no' as journey_no, data ->> 'template_id' as template_id,
           cast(data ->> 'template_version' as integer) as template_version
    from facts where name = 'onboarding.journey-started'
), own_contacts as (
    select tenant, stream, data ->> 'journey_no' as journey_no, min(version) as reached
    from facts
    where name = 'onboarding.stage-completed' and json_array_length(data, '$.unlocks') > 0
    group by all
), records as (
    select tenant, stream, data ->> 'journey_no' as journey_no, version, coalesce(data ->> 'form', 'monitor') as form
    from facts as recorded
    where name in ('onboarding.monitoring-recorded', 'onboarding.coaching-recorded') and not exists (
        select 1 from facts as voided
        where voided.name = 'onboarding.record-voided' and voided.tenant = recorded.tenant and voided.stream = recorded.stream
          and voided.data ->> 'record_id' = coalesce(recorded.data ->> 'ref', recorded.data ->> 'monitoring_id'))
), counted as (
    select journeys.*, count(form) as records,
           count(*) filter (where form = 'monitor') as monitor, count(*) filter (where form = 'coach') as coach,
           count(*) filter (where form = 'spar') as spar, count(*) filter (where form = 'train') as train
    from journeys
    join own_contacts using (tenant, stream, journey_no)
    left join records
        on records.tenant = journeys.tenant and records.stream = journeys.stream
       and records.journey_no = journeys.journey_no and records.version < reached
    group by all
)
select tenant, template_id, template_version, count(*) as hires, round(avg(monitor), 2) as monitorings,
       round(avg(coach), 2) as coachings, round(avg(spar), 2) as sparrings, round(avg(train), 2) as trainings,
       min(records) as least, max(records) as most
from counted
group by all
order by tenant, template_id, template_version;
