-- How long from the first day to the first own contact, by template version? A contact taken back doesn't count.
with journeys as (
    select tenant, data ->> 'person_id' as person_id, data ->> 'journey_no' as journey_no,
           data ->> 'template_id' as template_id, cast(data ->> 'template_version' as integer) as template_version
    from facts where name = 'onboarding.journey-started'
), starts as (
    select tenant, data ->> 'person_id' as person_id, data ->> 'journey_no' as journey_no,
           cast(arg_max(data ->> 'starts_on', version) as date) as starts_on
    from facts where name in ('onboarding.journey-started', 'onboarding.start-moved') group by all
), contacts as (
    select taken.tenant, taken.data ->> 'person_id' as person_id, taken.data ->> 'journey_no' as journey_no,
           cast(left(taken.data ->> 'taken_at', 10) as date) as taken_on,
           cast(taken.data ->> 'journey_day' as integer) as working_day,
           cast(taken.data ->> 'in_time' as boolean) as in_time
    from facts as taken
    where taken.name = 'onboarding.first-contact-taken' and not exists (
        select 1 from facts as voided
        where voided.name = 'onboarding.record-voided' and voided.tenant = taken.tenant and voided.stream = taken.stream
          and voided.data ->> 'record_id' = taken.data ->> 'contact_id')
)
select tenant, template_id, template_version, count(*) as journeys, count(taken_on) as with_contact,
       median(working_day) as median_working_day, median(taken_on - starts_on) as median_days_after_start,
       count(*) filter (where in_time) as in_time, count(*) filter (where not in_time) as late
from journeys
join starts using (tenant, person_id, journey_no)
left join contacts using (tenant, person_id, journey_no)
group by all
order by tenant, template_id, template_version;
