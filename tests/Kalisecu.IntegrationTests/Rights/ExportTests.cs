using System.Text;
using System.Text.Json;
using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Rights;
using NodaTime;

namespace Kalisecu.IntegrationTests.Rights;

public sealed class ExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_access_export_holds_everything_of_this_person_and_what_the_law_asks_to_tell()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var export = await MakeAsync(desk, person, ExportKind.Access, Language.Fr);

        using var json = JsonDocument.Parse(await ReadAsync(desk, export, ExportFormat.Json));
        var root = json.RootElement;
        Assert.Equal(ExportWriter.Schema, root.GetProperty("schema").GetString());
        Assert.Equal(6, root.GetProperty("recordCount").GetInt32());
        Assert.Equal(
            ["test_invoices", "test_notes", "test_notes", "test_notes", "test_remarks", "test_remarks"],
            root.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("store").GetString())
        );
        var information = root.GetProperty("header").GetProperty("information");
        Assert.Contains(
            "OVH SAS",
            information.GetProperty("recipients").EnumerateArray().Select(r => r.GetProperty("name").GetString())
        );
        Assert.Contains("CNIL", information.GetProperty("complaint").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "Aucune décision",
            information.GetProperty("automatedDecisions").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_person_whom_nothing_is_held_about_is_told_so()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var nobody = new PersonRef(Guid.CreateVersion7(), Guid.CreateVersion7(), PersonKind.Contact);

        var export = await MakeAsync(desk, nobody, ExportKind.Access, Language.En);

        using var json = JsonDocument.Parse(await ReadAsync(desk, export, ExportFormat.Json));
        Assert.Equal(0, json.RootElement.GetProperty("recordCount").GetInt32());
        Assert.Equal(
            "We hold no data about you.",
            json.RootElement.GetProperty("header").GetProperty("information").GetProperty("confirmation").GetString()
        );
    }

    [Theory]
    [InlineData(Language.Fr, "Vos données personnelles")]
    [InlineData(Language.En, "Your personal data")]
    internal async Task The_page_is_in_the_persons_language_and_no_value_becomes_markup(Language language, string title)
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        await desk.RunAsync("update test_notes set text = '<script>alert(1)</script>' where number = 1");
        var export = await MakeAsync(desk, person, ExportKind.Access, language);

        var page = await ReadAsync(desk, export, ExportFormat.Html);

        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Portability_holds_what_the_person_provided_and_no_formula_for_spreadsheets()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var export = await MakeAsync(desk, person, ExportKind.Portability, Language.En);

        var csv = await ReadAsync(desk, export, ExportFormat.Csv);
        using var json = JsonDocument.Parse(await ReadAsync(desk, export, ExportFormat.Json));

        Assert.StartsWith("record,store,type,field,value\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("\"'=remark 1\"", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("number", csv, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("header").GetProperty("information").ValueKind);
        Assert.All(
            json.RootElement.GetProperty("records").EnumerateArray(),
            r => Assert.False(r.GetProperty("values").TryGetProperty("number", out _))
        );
    }

    [Fact]
    public async Task A_link_opens_its_export_once_and_not_after_its_time()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var export = await MakeAsync(desk, person, ExportKind.Access, Language.Fr);
        var first = await LinkAsync(desk, export, ExportFormat.Html);
        var late = await LinkAsync(desk, export, ExportFormat.Json);

        var tries = await Task.WhenAll(Try(desk, first), Try(desk, first));
        Assert.Equal([ErrorReason.ExportLinkNotValid, null], tries.OrderByDescending(t => t));
        Assert.Equal(ErrorReason.ExportLinkNotValid, await Try(desk, "unknown"));

        desk.Clock.Advance(Duration.FromDays(7));
        Assert.Equal(ErrorReason.ExportLinkNotValid, await Try(desk, late));
        Assert.Equal(
            1L,
            await desk.AskAsync<long>("select count(*) from evidence_entries where kind = 'export.fetched'")
        );
        Assert.Equal(
            0L,
            await desk.AskAsync<long>(
                "select count(*) from export_links where encode(token_hash, 'escape') like '%' || $1 || '%'",
                first
            )
        );
    }

    [Fact]
    public async Task A_copy_is_removed_when_its_time_is_over_or_its_person_is_erased()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var old = await MakeAsync(desk, person, ExportKind.Access, Language.Fr);
        desk.Clock.Advance(Duration.FromDays(30));
        Assert.Equal(1, await desk.Worker<RemoveExpiredExports>().RunAsync(Cancel));
        await MakeAsync(desk, person, ExportKind.Access, Language.Fr);

        await desk.ApprovedAsync(person);
        await desk.WorkAsync();

        Assert.Equal(0L, await desk.AskAsync<long>("select count(*) from data_exports where remove_time is null"));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => ReadAsync(desk, old, ExportFormat.Json));
        Assert.Equal(ErrorReason.ObjectDamaged, refusal.Reason);
        Assert.Equal(
            ErrorReason.ExportExpired,
            (await Assert.ThrowsAsync<Refusal>(() => LinkAsync(desk, old, ExportFormat.Json))).Reason
        );
    }

    [Fact]
    public async Task A_format_that_the_kind_does_not_come_in_is_refused()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var export = await MakeAsync(desk, await desk.PersonAsync(), ExportKind.Access, Language.Fr);

        var refusal = await Assert.ThrowsAsync<Refusal>(() => LinkAsync(desk, export, ExportFormat.Csv));

        Assert.Equal(ErrorReason.ExportFormatNotOffered, refusal.Reason);
    }

    private static Task<DataExport> MakeAsync(ErasureDesk desk, PersonRef person, ExportKind kind, Language language) =>
        desk.InTenantAsync(
            person,
            db => desk.Desk<CreateExport>().RunAsync(db, ErasureDesk.Case(person), kind, language, Cancel)
        );

    private static async Task<string> ReadAsync(ErasureDesk desk, DataExport export, ExportFormat format)
    {
        using var bytes = new MemoryStream();
        await desk.Desk<ReadExport>().RunAsync(export, format, bytes, Cancel);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static Task<string> LinkAsync(ErasureDesk desk, DataExport export, ExportFormat format) =>
        desk.InTenantAsync(
            export.Person,
            async db =>
            {
                var kept = await ExportLinks.FindAsync(db, export.ExportId, Cancel);
                return (await desk.Desk<ExportLinks>().CreateAsync(db, kept, format, "staff:test", Cancel)).Token;
            }
        );

    private static async Task<ErrorReason?> Try(ErasureDesk desk, string token)
    {
        try
        {
            await desk.Desk<ExportLinks>().FetchAsync(token, "frontend:test", Cancel);
            return null;
        }
        catch (Refusal refusal)
        {
            return refusal.Reason;
        }
    }
}
