namespace Kalisecu.Breaches;

internal static class BreachSql
{
    /// <summary>Claims breaches with an alarm that is due, each for one worker. The mapper cannot pass over rows that another holds.</summary>
    public const string ClaimAlarms = """
        select breach_id as "Value" from breaches where next_alarm_time <= {0}
        order by next_alarm_time limit {1} for update skip locked
        """;

    /// <summary>
    /// Claims recipients who wait for their letter, each for one worker, of breaches whose letters were asked for. The mapper
    /// cannot pass over rows that another holds.
    /// </summary>
    public const string ClaimRecipients = """
        select r.breach_id, r.audience, r.person_tenant_id, r.person_id from breach_recipients r
        join breaches b on b.tenant_id = r.tenant_id and b.breach_id = r.breach_id and b.reach_number = r.reach_number
        where r.letter_id is null and r.unreachable_reason is null
            and case r.audience when 'Person' then b.persons_tell_time else b.clients_tell_time end is not null
        order by r.breach_id, r.audience, r.person_tenant_id, r.person_id limit {0} for update of r skip locked
        """;

    /// <summary>
    /// Everybody whom a search found, in one statement: a mapper would send each by itself. Who was found before and nobody wrote
    /// to moves on to this search.
    /// </summary>
    public const string AddRecipients = """
        insert into breach_recipients
            (tenant_id, breach_id, audience, person_tenant_id, person_id, person_kind, reach_number)
        select {0}, {1}, {2}, f.person_tenant_id, f.person_id, f.person_kind, {3}
        from unnest({4}, {5}, {6}) as f (person_tenant_id, person_id, person_kind)
        on conflict (tenant_id, breach_id, audience, person_tenant_id, person_id)
            do update set reach_number = excluded.reach_number
        """;
}
