-- How many pass an exam the first time, per check? Surveys always pass; attempts that were taken back don't count.
with attempts as (
    select tried.tenant, tried.data ->> 'person_id' as person_id, tried.data ->> 'journey_no' as journey_no,
           tried.data ->> 'stage' as stage, tried.data ->> 'check' as exam,
           tried.name = 'onboarding.check-passed' as passed, cast(tried.data ->> 'score' as integer) as score,
           row_number() over (partition by tried.tenant, tried.stream, journey_no, tried.data ->> 'stage', exam
                              order by tried.version) as attempt
    from facts as tried
    where (tried.name = 'onboarding.check-failed'
           or tried.name = 'onboarding.check-passed' and tried.data ->> 'kind' = 'exam')
      and not exists (
          select 1 from facts as voided
          where voided.name = 'onboarding.record-voided' and voided.tenant = tried.tenant and voided.stream = tried.stream
            and voided.data ->> 'record_id' = tried.data ->> 'attempt_id')
)
select tenant, stage, exam, count(*) filter (where attempt = 1) as tried,
       count(*) filter (where attempt = 1 and passed) as passed_first,
       round(100.0 * passed_first / tried, 1) as first_pass_percent,
       round(avg(score) filter (where attempt = 1), 1) as average_first_score,
       round(avg(attempt) filter (where passed), 2) as average_attempts_to_pass
from attempts
group by all
order by tenant, first_pass_percent, stage, exam;
