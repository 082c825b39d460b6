using Kalisecu.Findings;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Kalisecu.TestKit;

/// <summary>Findings as a push leaves them, written straight into the tables as the superuser.</summary>
internal sealed class GivenFindings(TestServer server, Guid tenant, Guid site)
{
    private readonly Given _given = new(server);

    private Instant Now => server.Clock.GetCurrentInstant();

    public async Task<Guid> FindingAsync(
        string check,
        Severity severity = Severity.Medium,
        string title = "Something is weak",
        string description = "What it is.",
        bool open = true,
        Instant? openTime = null,
        params string[] tools
    )
    {
        var finding = Ids.New(Now);
        var time = openTime ?? Now;
        await _given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description,
                cwe_numbers, reference_urls, open_occurrence_count, open_time, close_time)
            values ($1, $2, $3, $4, $5, $6, $7, $8, '{79,693}', '{https://example.fr/more}', $9, $10,
                case when $6 = 'Closed' then $10 end)
            """,
            tenant,
            finding,
            site,
            check,
            (short)severity,
            open ? "Open" : "Closed",
            title,
            description,
            open ? 1L : 0L,
            time
        );
        foreach (var tool in tools.Length == 0 ? ["zap"] : tools)
        {
            await _given.RunAsync(
                """
                insert into finding_tools (tenant_id, finding_id, tool, site_id, rule, severity, title, description,
                    recommendation, cwe_numbers, reference_urls, open_occurrence_count, update_time)
                values ($1, $2, $3, $4, 'rule', $5, $6, $7, 'Mend it.', '{}', '{}', $8, $9)
                """,
                tenant,
                finding,
                tool,
                site,
                (short)severity,
                title,
                description,
                open ? 1L : 0L,
                time
            );
        }

        return finding;
    }

    public async Task<Guid> OccurrenceAsync(
        Guid finding,
        string place,
        Instant? openTime = null,
        Instant? closeTime = null,
        byte[]? exchange = null
    )
    {
        var occurrence = Ids.New(Now);
        var key = server.Services.GetRequiredService<KeyRing>().For(tenant);
        await _given.RunAsync(
            """
            insert into occurrences (tenant_id, finding_id, occurrence_id, tool, open_scan_id, site_id, open_time,
                close_scan_id, close_time, place, exchange)
            values ($1, $2, $3, 'zap', $4, $5, $6, $7, $8, $9, $10)
            """,
            tenant,
            finding,
            occurrence,
            Ids.New(Now),
            site,
            openTime ?? Now,
            OrNull(closeTime is null ? null : Ids.New(Now), NpgsqlDbType.Uuid),
            OrNull(closeTime, NpgsqlDbType.TimestampTz),
            place,
            OrNull(
                exchange is null ? null : key.Encrypt(exchange, Occurrence.ExchangeIsA, occurrence),
                NpgsqlDbType.Bytea
            )
        );
        return occurrence;
    }

    public Task ObservationAsync(string kind, string place, string value, bool open = true) =>
        _given.RunAsync(
            """
            insert into observations (tenant_id, observation_id, tool, open_scan_id, site_id, kind, place, value, title,
                open_time, close_time)
            values ($1, $2, 'nmap', $2, $3, $4, $5, $6, '', $7, case when $8 then null else $7 end)
            """,
            tenant,
            Ids.New(Now),
            site,
            kind,
            place,
            value,
            Now,
            open
        );

    /// <summary>Many findings of descending age, one a second, made by the database itself.</summary>
    public Task ManyAsync(int count) =>
        _given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description,
                cwe_numbers, reference_urls, open_occurrence_count, open_time)
            select $1, gen_random_uuid(), $2, 'zap:' || n % 700, n % 5 + 1, 'Open', 'Number ' || n, '', '{}', '{}', 1,
                $3 - n % 900 * interval '1 second'
            from generate_series(1, $4) n
            """,
            tenant,
            site,
            Now,
            count
        );

    /// <summary>Many occurrences over a hundred findings that only these rows name, a third of them closed.</summary>
    public Task ManyOccurrencesAsync(int count, Guid? ofFinding = null) =>
        _given.RunAsync(
            """
            insert into occurrences (tenant_id, finding_id, occurrence_id, tool, open_scan_id, site_id, open_time,
                close_scan_id, close_time, place)
            select $1, coalesce($5, md5('finding' || n % 100)::uuid), md5($2::text || n)::uuid, 'zap', $2, $2, $3,
                case when n % 3 = 0 and $5 is null then $2 end, case when n % 3 = 0 and $5 is null then $3 end,
                'https://shop.example.fr/page/' || n || '/' || repeat('x', n % 300)
            from generate_series(1, $4) n
            """,
            tenant,
            site,
            Now,
            count,
            OrNull(ofFinding, NpgsqlDbType.Uuid)
        );

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
