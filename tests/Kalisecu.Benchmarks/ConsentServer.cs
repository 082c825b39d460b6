using System.Globalization;
using System.Text.Json;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.TestKit;

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
/// A server over many persons with ten events each: five purposes, each given and for every third person withdrawn again.
/// Written by SQL: what counts is how much there is to search in.
/// </summary>
internal static class ConsentServer
{
    private const int PersonsOfATenant = 10_000;
    private const int Asked = 2_000;

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var test = new TestServer { Database = new TestDatabase { IsDurable = true } };
        await using var ended = test;
        await test.InitializeAsync();
        // The number comes beside the folder, which is this process's only argument.
        var text = await File.ReadAllTextAsync(Path.Combine(folder, "persons"), cancellationToken);
        var persons = int.Parse(text, CultureInfo.InvariantCulture);
        var finding = new PersonTarget("", "");
        for (var made = 0; made < persons; made += PersonsOfATenant)
        {
            var tenant = await test.Given.TenantAsync();
            await FillAsync(test, tenant, Math.Min(PersonsOfATenant, persons - made));
            finding = new PersonTarget(tenant.ToString("D"), (await FindingAsync(test, tenant)).ToString("D"));
        }

        await test.Given.RunAsync("vacuum (analyze) persons, consent_events, consent_states, findings");
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
            await SomeAsync(test),
            finding
        );
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets));

        // Until the measuring process closes our input.
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    private static async Task FillAsync(TestServer test, Guid tenant, int persons)
    {
        await test.Given.RunAsync(
            """
            insert into persons (tenant_id, person_id, kind, email_hash, language, create_time)
            select $1, gen_random_uuid(), 'Contact', sha256(convert_to(g::text, 'UTF8')), 'Fr', now() from generate_series(1, $2) g
            """,
            tenant,
            persons
        );
        await test.Given.RunAsync(
            """
            insert into consent_events (tenant_id, event_id, person_id, purpose, number, kind, text_version, text_digest, language,
                channel, event_time, record_time, expire_time, actor, digest)
            select p.tenant_id, gen_random_uuid(), p.person_id, v.purpose, n,
                case when n = 2 and get_byte(p.email_hash, 0) % 3 = 0 then 'Withdrawn' else 'Given' end, 1, v.digest_fr, 'Fr', 'Paper',
                now() - interval '10 days' + n * interval '1 day', now(), null, 'staff:bench', v.digest_fr
            from persons p
            cross join (select purpose, digest_fr from purpose_versions where version = 1 order by 1 limit 5) v
            cross join generate_series(1, 2) n
            where p.tenant_id = $1
            """,
            tenant
        );
        await test.Given.RunAsync(
            """
            insert into consent_states (tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time)
            select tenant_id, person_id, purpose, event_id, number, kind, text_version, event_time from consent_events
            where tenant_id = $1 and number = 2
            """,
            tenant
        );
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

    private static async Task<IReadOnlyList<PersonTarget>> SomeAsync(TestServer test)
    {
        await using var source = test.Database.OpenSuperuser();
        await using var command = source.CreateCommand(
            $"select tenant_id::text, person_id::text from persons where kind = 'Contact' order by random() limit {Asked}"
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
