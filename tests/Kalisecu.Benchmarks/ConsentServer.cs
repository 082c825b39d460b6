using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using NodaTime;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>What the measuring process needs to know of the server.</summary>
/// <param name="Persons">Some of the persons, each with its tenant.</param>
/// <param name="Finding">A finding of a tenant: what the cheapest read asks for.</param>
internal sealed record ConsentTargets(
    Uri Address,
    string Authority,
    string Certificate,
    string Key,
    string Session,
    long Events,
    IReadOnlyList<PersonTarget> Persons,
    PersonTarget Finding
);

internal sealed record PersonTarget(string TenantId, string Id);

/// <summary>
/// A server over many persons with ten events each, of three purposes: consent that was given, withdrawn and given again (for a
/// third of them withdrawn at last), and two objections that were taken back and made again. Written by SQL, a client's persons
/// a statement, with identifiers in the order of time as the server makes them: what counts is how much there is to search in.
/// </summary>
internal static class ConsentServer
{
    private const int PersonsOfATenant = 10_000;
    private const int Asked = 2_000;

    // Of few persons few are asked: a first look at this benchmark is then a matter of seconds.
    private const int LeastForEachAsked = 100;

    // Half of a fill is waiting for the index pages of one client; more at once than cores gain nothing.
    private const int FilledAtOnce = 2;

    private const string Persons = """
        insert into persons (tenant_id, person_id, kind, email_hash, language, create_time)
        select $1, encode(set_byte(substring(int8send($3 + g) from 3) || substring(uuid_send(gen_random_uuid()) from 7), 6, 112), 'hex')::uuid,
            'Contact', sha256(convert_to($1::text || ' ' || g, 'UTF8')), 'Fr', now() - interval '30 days'
        from generate_series(1, $2) g
        """;

    private const string Events = """
        insert into consent_events (tenant_id, event_id, person_id, purpose, number, kind, text_version, text_digest, language,
            channel, event_time, record_time, expire_time, actor, digest)
        select p.tenant_id,
            encode(set_byte(substring(int8send($2 + p.n) from 3) || substring(uuid_send(gen_random_uuid()) from 7), 6, 112), 'hex')::uuid,
            p.person_id, v.purpose, e.number, e.kind, 1, v.digest_fr, 'Fr', 'Paper', e.event_time, e.event_time,
            case when e.kind = 'Given' then e.event_time + v.consent_months * interval '1 month' end, 'staff:bench', v.digest_fr
        from (
            select tenant_id, person_id, row_number() over (order by person_id) as n,
                case when get_byte(email_hash, 0) % 3 = 0 then array['Given', 'Withdrawn', 'Given', 'Withdrawn']
                    else array['Refused', 'Given', 'Withdrawn', 'Given'] end as consents
            from persons where tenant_id = $1
        ) p
        cross join (
            select purpose, digest_fr, consent_months, legal_basis = 'Consent' as is_consent from purpose_versions
            where version = 1 and purpose in ('direct_marketing', 'improvement', 'security')
        ) v
        cross join lateral (
            select number::int, kind, now() - interval '20 days' + number * interval '1 day' as event_time
            from unnest(case when v.is_consent then p.consents else array['Objected', 'Resumed', 'Objected'] end)
                with ordinality as said (kind, number)
        ) e
        order by p.n, v.purpose, e.number
        """;

    private const string States = """
        insert into consent_states (tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time, expire_time)
        select tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time, expire_time
        from consent_events
        where tenant_id = $1 and number = case purpose when 'direct_marketing' then 4 else 3 end
        order by person_id, purpose
        """;

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var test = new TestServer { Database = new TestDatabase { IsDurable = true } };
        await using var ended = test;
        await test.InitializeAsync();
        // The number comes beside the folder, which is this process's only argument.
        var text = await File.ReadAllTextAsync(Path.Combine(folder, "persons"), cancellationToken);
        var persons = int.Parse(text, CultureInfo.InvariantCulture);
        var watch = Stopwatch.StartNew();
        var finding = await FillAsync(test, persons, cancellationToken);
        await Console.Error.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{persons:N0} persons made in {watch.Elapsed.TotalSeconds:N0} s"
            )
        );
        var (certificate, key) = TestAuthorities.Save(
            test.Authorities.Issue(SpiffeKind.Frontend, "dashboard"),
            folder,
            "frontend"
        );
        var authority = Path.Combine(folder, "services-ca.crt");
        test.Authorities.Services.Save(authority, Path.Combine(folder, "services-ca.key"));
        var session = await test.Given.SignedInAsync(Kalisecu.Tenancy.Role.StaffDpo);
        var targets = new ConsentTargets(
            test.Address,
            authority,
            certificate,
            key,
            session.GetValue(CallerIdentification.SessionHeader)!,
            await test.Given.AskAsync<long>("select count(*) from consent_events"),
            await SomeAsync(test, Math.Clamp(persons / LeastForEachAsked, 1, Asked)),
            finding
        );
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets));

        // Until the measuring process closes our input.
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    /// <summary>About two minutes for a million persons; answers a finding of one of their clients.</summary>
    private static async Task<PersonTarget> FillAsync(TestServer test, int persons, CancellationToken cancellationToken)
    {
        await using var superuser = NpgsqlDataSource.Create(test.Database.Superuser + ";Command Timeout=0");
        var tenants = new List<(Guid Id, int Persons)>();
        for (var made = 0; made < persons; made += PersonsOfATenant)
        {
            tenants.Add((await test.Given.TenantAsync(), Math.Min(PersonsOfATenant, persons - made)));
        }

        var start = (SystemClock.Instance.GetCurrentInstant() - Duration.FromDays(30)).ToUnixTimeMilliseconds();
        await Parallel.ForEachAsync(
            tenants,
            new ParallelOptions { MaxDegreeOfParallelism = FilledAtOnce, CancellationToken = cancellationToken },
            async (tenant, cancel) =>
            {
                await RunAsync(superuser, Persons, cancel, tenant.Id, tenant.Persons, start);
                await RunAsync(superuser, Events, cancel, tenant.Id, start);
                await RunAsync(superuser, States, cancel, tenant.Id);
            }
        );
        var finding = await FindingAsync(test, tenants[^1].Id);
        await RunAsync(
            superuser,
            "vacuum (analyze) persons, consent_events, consent_states, findings",
            cancellationToken
        );
        await RunAsync(superuser, "checkpoint", cancellationToken);
        return new PersonTarget(tenants[^1].Id.ToString("D"), finding.ToString("D"));
    }

    [SuppressMessage("Security", "CA2100", Justification = "Statements of this class")]
    private static async Task RunAsync(
        NpgsqlDataSource superuser,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = superuser.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Guid> FindingAsync(TestServer test, Guid tenant)
    {
        var (site, finding) = (await test.Given.SiteAsync(tenant), Guid.CreateVersion7());
        await test.Given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
                reference_urls, open_occurrence_count, open_time)
            values ($1, $2, $3, 'zap:10038', 3, 'Open', 'Content Security Policy (CSP) Header Not Set', $4, '{693}', '{}', 1, now())
            """,
            tenant,
            finding,
            site,
            new string('d', 200)
        );
        return finding;
    }

    private static async Task<IReadOnlyList<PersonTarget>> SomeAsync(TestServer test, int count)
    {
        await using var source = test.Database.OpenSuperuser();
        await using var command = source.CreateCommand(
            $"select tenant_id::text, person_id::text from persons where kind = 'Contact' order by random() limit {count}"
        );
        await using var reader = await command.ExecuteReaderAsync();
        var some = new List<PersonTarget>();
        while (await reader.ReadAsync())
        {
            some.Add(new PersonTarget(reader.GetString(0), reader.GetString(1)));
        }

        return some;
    }
}
