namespace Kalisecu.Deliveries;

/// <summary>Statements that claim letters in all tenants and record what came of them, many at a time.</summary>
internal static class DeliverySql
{
    /// <summary>
    /// Takes letters that are due and that nobody else takes just now. Their next time moves to the end of the claim: a letter
    /// whose process dies is due again then. Persons are joined for what forbids a letter to them.
    /// </summary>
    public const string Claim = """
        with due as (
            select tenant_id, letter_id from letters
            where state = 'Queued' and next_time <= $1
            order by next_time limit $3
            for update skip locked
        ), claimed as (
            update letters l set claim_time = $1, next_time = $2, attempt_count = l.attempt_count + 1
            from due where l.tenant_id = due.tenant_id and l.letter_id = due.letter_id
            returning l.tenant_id, l.letter_id, l.nature, l.person_tenant_id, l.person_id, l.recipient, l.subject, l.text_body, l.html_body,
                l.language, l.attempt_count, l.secret, l.secret_expire_time
        )
        select c.tenant_id, c.letter_id, c.nature, c.person_tenant_id, c.person_id, c.recipient, c.subject, c.text_body, c.html_body,
            c.language, c.attempt_count, p.restrict_time is not null, p.erase_time is not null, c.secret, c.secret_expire_time
        from claimed c left join persons p on p.tenant_id = c.person_tenant_id and p.person_id = c.person_id
        """;

    /// <summary>
    /// What another process has settled, or claimed anew because this claim ran out, stays as it is: the newest claim alone
    /// says what came of a letter. A secret goes with the letter that brought it; a dead one may be sent again.
    /// </summary>
    public const string Record = """
        update letters l set state = o.state, state_reason = o.reason,
            send_time = case when o.state = 'Sent' then o.time end,
            next_time = case when o.state = 'Queued' then o.time else l.next_time end,
            attempt_count = l.attempt_count - o.given_back,
            secret = case when o.state in ('Queued', 'Dead') then l.secret end
        from unnest($1, $2, $3, $4, $5, $6, $7) as o(tenant_id, letter_id, state, reason, time, given_back, claim_time)
        where l.tenant_id = o.tenant_id and l.letter_id = o.letter_id and l.state = 'Queued' and l.claim_time = o.claim_time
        """;
}
