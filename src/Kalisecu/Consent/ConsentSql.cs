namespace Kalisecu.Consent;

internal static class ConsentSql
{
    /// <summary>
    /// Moves the current state forward, never back: an event that is recorded late may be older than what is known. The mapper
    /// has no conditional upsert. Events of one moment follow each other by their number.
    /// </summary>
    public const string MoveState = """
        insert into consent_states (tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time, expire_time)
        values ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8})
        on conflict (tenant_id, person_id, purpose) do update
        set event_id = excluded.event_id, number = excluded.number, kind = excluded.kind,
            text_version = excluded.text_version, event_time = excluded.event_time, expire_time = excluded.expire_time
        where (consent_states.event_time, consent_states.number) < (excluded.event_time, excluded.number)
        """;

    /// <summary>Makes the states of the transaction's tenant anew from the ledger, which is what they must equal.</summary>
    public const string Replay = """
        select distinct on (tenant_id, person_id, purpose) tenant_id, person_id, purpose, event_id, number, kind, text_version,
            event_time, expire_time
        from consent_events
        order by tenant_id, person_id, purpose, event_time desc, number desc
        """;

    /// <summary>
    /// One trip for the whole answer: who is restricted or erased, and what was said last. Two rows by their primary keys; the
    /// mapper would open a transaction for them.
    /// </summary>
    public const string Check = """
        select p.erase_time is not null, p.restrict_time, s.kind, s.text_version, s.event_time, s.expire_time
        from persons p
        left join consent_states s on s.tenant_id = p.tenant_id and s.person_id = p.person_id and s.purpose = $3
        where p.tenant_id = $1 and p.person_id = $2
        """;

    /// <summary>What a purpose rests on: the same in all its versions.</summary>
    public const string Basis = "select legal_basis from purpose_versions where purpose = $1 limit 1";
}
