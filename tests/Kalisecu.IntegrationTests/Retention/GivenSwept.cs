using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Retention;
using Kalisecu.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>Who stands in the database before a sweep, and single steps of one.</summary>
internal static class GivenSwept
{
    public static Task<long> SweepRowsAsync(this SweptDatabase swept, string rule) =>
        swept
            .Get<SweepRows>()
            .RunAsync(swept.NewId(), swept.Get<KeepingRules>().Find(rule)!, _ => { }, SweptDatabase.Cancel);

    public static Task SweepPersonsAsync(this SweptDatabase swept, string rule) =>
        swept
            .Get<SweepPersons>()
            .RunAsync(swept.NewId(), swept.Get<KeepingRules>().Find(rule)!, _ => { }, SweptDatabase.Cancel);

    public static Task SweepTenantsAsync(this SweptDatabase swept) =>
        swept.Get<SweepTenants>().RunAsync(swept.NewId(), swept.NewRun(), SweptDatabase.Cancel);

    /// <summary>Runs the job; answers how many letters the client has got so far.</summary>
    public static async Task<int> AnnounceAsync(this SweptDatabase swept, Guid tenant)
    {
        var run = new JobRun(Ids.New(swept.Clock.GetCurrentInstant()), "announce-deletions", null, isRecovery: false);
        await swept.Get<AnnounceDeletions>().RunAsync(run, SweptDatabase.Cancel);
        return (int)
            await swept.AskAsync<long>(
                "select count(*) from letters where tenant_id = $1 and kind = 'retention.announced'",
                tenant
            );
    }

    public static async Task<Guid> ProspectAsync(this SweptDatabase swept, Instant contact)
    {
        var person = swept.NewId();
        var key = swept.Keys.For(TenantScope.Platform);
        await swept.RunAsync(
            """
            insert into persons (tenant_id, person_id, kind, email_hash, email, first_name, last_name, language, create_time,
                contact_time)
            values ($1, $2, 'Prospect', sha256($2::text::bytea), $3, $4, $5, 'Fr', $6, $6)
            """,
            TenantScope.Platform,
            person,
            key.EncryptText("lea@prospect.example", PersonColumns.Email, person),
            key.EncryptText("Léa", PersonColumns.FirstName, person),
            key.EncryptText("Petit", PersonColumns.LastName, person),
            contact
        );
        return person;
    }

    /// <summary>Six rows that go with it, an object, and a person who is forgotten in place.</summary>
    public static async Task<Guid> FullTenantAsync(this SweptDatabase swept, Instant closed)
    {
        var tenant = await swept.ClosedTenantAsync(closed);
        var (site, member, finding) = (swept.NewId(), swept.NewId(), swept.NewId());
        var stored = await swept.Objects.WriteAsync(
            tenant,
            new MemoryStream("a report"u8.ToArray()),
            1000,
            SweptDatabase.Cancel
        );
        await swept.RunAsync(
            """
            with s as (insert into sites (tenant_id, site_id, display_name, url, technologies, state, create_time)
                values ($1, $2, 'Shop', 'https://shop.example.fr/', '{}', 'Open', $5)),
            m as (insert into members (tenant_id, member_id, email, email_hash, first_name, last_name, role, state, create_time)
                values ($1, $3, $7, sha256($3::text::bytea), '', '', 'Owner', 'Active', $5)),
            p as (insert into persons (tenant_id, person_id, kind, email_hash, language, create_time)
                values ($1, $3, 'Member', sha256($3::text::bytea), 'Fr', $5)),
            f as (insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description,
                    cwe_numbers, reference_urls, open_time)
                values ($1, $4, $2, 'tls.old', 3, 'Open', 'Old TLS', '', '{}', '{}', $5)),
            e as (insert into finding_events (tenant_id, finding_id, event_id, kind, event_time)
                values ($1, $4, $4, 'Opened', $5)),
            o as (insert into occurrences (tenant_id, finding_id, occurrence_id, tool, open_scan_id, site_id, open_time, place)
                values ($1, $4, $4, 'zap', $4, $2, $5, '/'))
            insert into reports (tenant_id, report_id, site_id, title, language, summary, moment_time, state, create_time, digest,
                object_name, size_bytes, critical_count, high_count, medium_count, low_count, info_count, occurrence_count,
                observation_count)
            values ($1, $4, $2, 'Report', 'Fr', '', $5, 'Draft', $5, sha256(''), $6, 8, 0, 0, 0, 0, 0, 0, 0)
            """,
            tenant,
            site,
            member,
            finding,
            closed,
            stored.Name,
            swept.Keys.For(tenant).EncryptText("owner@client.example", "email", member)
        );
        return tenant;
    }
}
