using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class ExportOccurrencesTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private V1.FindingService.FindingServiceClient Client => new(server.Channel(SpiffeKind.Frontend, "dashboard"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_is_the_table_and_nobody_elses_rows()
    {
        var (tenant, site, headers) = await StartAsync(50_000);
        await StartAsync(1000);

        var rows = await ReadAsync(new V1.ExportOccurrencesRequest(), headers);
        var open = await ReadAsync(
            new V1.ExportOccurrencesRequest { SiteId = site.ToString("D"), OpenOnly = true },
            headers
        );

        // The same digest over the rows as the database orders and prints them.
        var expected = await _given.AskAsync<string>(
            """
            select encode(sha256(convert_to(string_agg(finding_id || '|' || occurrence_id || '|' || tool || '|' || place || '|'
                || (extract(epoch from open_time) * 1000000)::bigint || '|'
                || coalesce((extract(epoch from close_time) * 1000000)::bigint, 0), ';' order by finding_id, occurrence_id), 'UTF8')), 'hex')
            from occurrences where tenant_id = $1
            """,
            tenant
        );
        Assert.Equal(50_000, rows.Count);
        Assert.Equal(expected, Digest(rows));
        Assert.Equal(50_000 - 16_666, open.Count);
        Assert.All(open, o => Assert.Equal(0, o.CloseTimeMicros));
    }

    [Fact]
    public async Task A_caller_who_leaves_early_leaves_a_usable_server()
    {
        var (_, _, headers) = await StartAsync(50_000);
        for (var i = 0; i < 20; i++)
        {
            using var call = Client.ExportOccurrences(
                new V1.ExportOccurrencesRequest(),
                headers,
                cancellationToken: Cancel
            );
            await call.ResponseStream.MoveNext(Cancel);
        }

        Assert.Equal(50_000, (await ReadAsync(new V1.ExportOccurrencesRequest(), headers)).Count);
    }

    [Fact]
    public async Task A_foreign_site_is_refused_like_an_absent_one()
    {
        var (_, site, _) = await StartAsync(1);
        var (_, _, foreign) = await StartAsync(1);

        await Refused.WithAsync(
            Errors.V1.ErrorReason.NotFound,
            () => ReadAsync(new V1.ExportOccurrencesRequest { SiteId = site.ToString("D") }, foreign)
        );
    }

    private async Task<List<V1.ExportedOccurrence>> ReadAsync(V1.ExportOccurrencesRequest request, Metadata headers)
    {
        using var call = Client.ExportOccurrences(request, headers, cancellationToken: Cancel);
        var rows = new List<V1.ExportedOccurrence>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Cancel))
        {
            Assert.InRange(message.Occurrences.Count, 1, 2000);
            rows.AddRange(message.Occurrences);
        }

        return rows;
    }

    private static string Digest(List<V1.ExportedOccurrence> rows)
    {
        var lines = rows.Select(r =>
            $"{Id(r.FindingId)}|{Id(r.OccurrenceId)}|{r.Tool}|{r.Place}|{r.OpenTimeMicros}|{r.CloseTimeMicros}"
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', lines))));
    }

    private static Guid Id(Google.Protobuf.ByteString bytes) => new(bytes.Span, bigEndian: true);

    private async Task<(Guid Tenant, Guid Site, Metadata Headers)> StartAsync(int occurrences)
    {
        var tenant = await _given.TenantAsync();
        var site = await _given.SiteAsync(tenant);
        await new GivenFindings(server, tenant, site).ManyOccurrencesAsync(occurrences);
        return (tenant, site, await _given.SignedInAsync(Role.MemberReader, tenant));
    }
}
