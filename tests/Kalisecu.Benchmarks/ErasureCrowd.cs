using System.Diagnostics.CodeAnalysis;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>
/// Members of ten clients who asked for their erasure, each with a request of their own, planned by one and approved by another:
/// an account that signs in, two sessions, three entries in the access log, a consent and a letter.
/// </summary>
internal sealed class ErasureCrowd(NpgsqlDataSource superuser, KeyRing keys, PersonStores stores)
{
    private const int Tenants = 10;
    private const int TogetherWritten = 1_000;

    private const string Tenant = """
        insert into tenants (tenant_id, display_name, slug, plan, language, state, create_time)
        values ($1, 'Client', 'client-' || $1::text, 'Surveillance', 'Fr', 'Open', now())
        """;

    private const string Registered = """
        insert into persons (tenant_id, person_id, kind, email_hash, language, create_time)
        select t, p, 'Member', h, 'Fr', now() from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as x (t, p, h)
        """;

    private const string Members = """
        insert into members (tenant_id, member_id, email, email_hash, first_name, last_name, role, state, create_time)
        select t, p, e, h, n, n2, 'Owner', 'Active', now()
        from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) as x (t, p, h, e, n, n2)
        """;

    private const string Credentials = """
        insert into credentials (tenant_id, person_id, email_hash, accept_time, sign_in_time)
        select t, p, h, now(), now() from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as x (t, p, h)
        """;

    private const string Sessions = """
        insert into sessions (tenant_id, session_id, token_hash, person_id, role, multi_factor, frontend, create_time, use_time,
            expire_time)
        select t, gen_random_uuid(), sha256(convert_to(p::text || n, 'UTF8')), p, 'MemberOwner', true, 'dashboard', now(), now(),
            now() + interval '8 hours'
        from unnest($1::uuid[], $2::uuid[]) as x (t, p) cross join generate_series(1, 2) n
        """;

    private const string Entries = """
        insert into access_entries (tenant_id, entry_time, writer_id, sequence, access_time, duration_micros, caller_kind,
            caller_name, person_id, role, session_id, method, objects, outcome, reason, previous_hash, hash)
        select t, now(), gen_random_uuid(), n, now(), 2500, 'frontend', 'dashboard', p, 'member_owner', gen_random_uuid(),
            '/kalisecu.findings.v1.FindingService/GetFinding', 'finding:' || gen_random_uuid(), 'Allowed', '',
            sha256(int8send(n - 1)), sha256(int8send(n))
        from unnest($1::uuid[], $2::uuid[]) as x (t, p) cross join generate_series(1, 3) n
        """;

    private const string Consents = """
        with said as (
            insert into consent_events (tenant_id, event_id, person_id, purpose, number, kind, text_version, text_digest, language,
                channel, event_time, record_time, actor, digest)
            select t, gen_random_uuid(), p, v.purpose, 1, 'Given', 1, v.digest_fr, 'Fr', 'Dashboard', now(), now(), 'staff:bench',
                v.digest_fr
            from unnest($1::uuid[], $2::uuid[]) as x (t, p)
            cross join (select purpose, digest_fr from purpose_versions where purpose = 'direct_marketing' and version = 1) v
            returning *
        )
        insert into consent_states (tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time)
        select tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time from said
        """;

    private const string Letters = """
        insert into letters (tenant_id, letter_id, once_key, kind, nature, person_tenant_id, person_id, recipient, language, subject,
            text_body, cause_type, cause_id, state, create_time, next_time, attempt_count, send_time)
        select t, l, 'bench/' || l, 'bench.letter', 'Service', t, p, r, 'Fr', s, b, 'bench', l, 'Sent', now(), now(), 1, now()
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[]) as x (t, p, l, r, s, b)
        """;

    private const string Requests = """
        insert into privacy_requests (tenant_id, privacy_request_id, channel, state, language, received_date, due_date,
            rule_version, suspended_days, email, email_hash, identity_method, identity_time, code_attempt_count, create_time,
            acknowledge_time, answered_late, next_alarm_time, update_time)
        select $1, q, 'Email', 'Acknowledged', 'Fr', current_date, current_date + 30, 'bench', 0, e, h, 'Judgement', now(), 0,
            now(), now(), false, now() + interval '20 days', now()
        from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as x (q, e, h)
        """;

    private const string Rights = """
        insert into privacy_request_rights (tenant_id, privacy_request_id, right_name)
        select $1, unnest($2::uuid[]), 'Erasure'
        """;

    private const string Subjects = """
        insert into privacy_request_subjects (tenant_id, privacy_request_id, person_tenant_id, person_id, person_kind, add_time,
            identity_time)
        select $1, q, t, p, 'Member', now(), now() from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as x (q, t, p)
        """;

    private const string Erasures = """
        with approved as (
            insert into erasures (tenant_id, erasure_id, privacy_request_id, person_id, person_kind, state, plan_time, plan_actor,
                approve_actor, approve_time, next_time)
            select t, gen_random_uuid(), q, p, 'Member', 'Approved', now(), 'staff:first', 'staff:second', now(), now()
            from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as x (t, p, q)
            returning tenant_id, erasure_id
        )
        insert into erasure_steps (tenant_id, erasure_id, store, position, planned_count, planned_kept)
        select tenant_id, erasure_id, store, position - 1, 0, '[]'
        from approved cross join unnest($4::text[]) with ordinality as s (store, position)
        """;

    private readonly List<Guid> _tenants = [];

    /// <summary>So many more, due at once.</summary>
    public async Task QueueAsync(int count, CancellationToken cancellationToken)
    {
        if (_tenants.Count == 0)
        {
            await RunAsync("select kalisecu_ensure_access_partition(now()::date)", cancellationToken);
            for (var i = 0; i < Tenants; i++)
            {
                _tenants.Add(Guid.CreateVersion7());
                await RunAsync(Tenant, cancellationToken, _tenants[^1]);
            }
        }

        foreach (var some in Enumerable.Range(0, count).Chunk(TogetherWritten))
        {
            await WriteAsync(some.Length, cancellationToken);
        }

        await RunAsync("vacuum (analyze)", cancellationToken);
        await RunAsync("checkpoint", cancellationToken);
    }

    private async Task WriteAsync(int count, CancellationToken cancellationToken)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        Guid[] Identifiers() => [.. Enumerable.Range(0, count).Select(_ => Ids.New(now))];
        var (persons, letters, requests) = (Identifiers(), Identifiers(), Identifiers());
        Guid[] tenants = [.. Enumerable.Range(0, count).Select(i => _tenants[i % Tenants])];
        string[] emails = [.. persons.Select(p => $"{p:N}@client.example")];
        byte[][] hashes = [.. emails.Select(keys.HashEmail)];
        var platform = keys.For(TenantScope.Platform);

        byte[][] Sealed(Guid[] owners, string what, Func<int, string> text) =>
            [.. owners.Select((owner, i) => keys.For(tenants[i]).EncryptText(text(i), what, owner))];
        byte[][] asked = [.. requests.Select((q, i) => platform.EncryptText(emails[i], "email", q))];

        await RunAsync(Registered, cancellationToken, tenants, persons, hashes);
        await RunAsync(
            Members,
            cancellationToken,
            tenants,
            persons,
            hashes,
            Sealed(persons, "email", i => emails[i]),
            Sealed(persons, "first_name", _ => "Camille"),
            Sealed(persons, "last_name", _ => "Martin")
        );
        await RunAsync(Credentials, cancellationToken, tenants, persons, hashes);
        await RunAsync(Sessions, cancellationToken, tenants, persons);
        await RunAsync(Entries, cancellationToken, tenants, persons);
        await RunAsync(Consents, cancellationToken, tenants, persons);
        await RunAsync(
            Letters,
            cancellationToken,
            tenants,
            persons,
            letters,
            Sealed(letters, "recipient", i => emails[i]),
            Sealed(letters, "subject", _ => "Votre rapport"),
            Sealed(letters, "text_body", _ => new string('x', 1500))
        );
        await RunAsync(Requests, cancellationToken, TenantScope.Platform, requests, asked, hashes);
        await RunAsync(Rights, cancellationToken, TenantScope.Platform, requests);
        await RunAsync(Subjects, cancellationToken, TenantScope.Platform, requests, tenants, persons);
        string[] names = [.. stores.All.Select(s => s.Name)];
        await RunAsync(Erasures, cancellationToken, tenants, persons, requests, names);
    }

    [SuppressMessage("Security", "CA2100", Justification = "Statements of this class")]
    private async Task RunAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = superuser.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
