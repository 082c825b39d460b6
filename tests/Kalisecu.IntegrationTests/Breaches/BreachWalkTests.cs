using System.Text.Json.Nodes;
using Kalisecu.Breaches.V1;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using BreachOptions = Kalisecu.Breaches.BreachOptions;

namespace Kalisecu.IntegrationTests.Breaches;

/// <summary>The whole procedure, as the person on call walks it. It moves the clock of its server.</summary>
public sealed class BreachWalkTests : IAsyncLifetime
{
    private readonly TestServer _server = new();
    private BreachDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _desk = new BreachDesk(_server);
        // What the CNIL asks about us, as an operator sets it.
        var options = _server.Services.GetRequiredService<BreachOptions>();
        (options.VatNumber, options.StaffCount) = ("FR00 929978393", 4);
        options.LegalRepresentative = "Jeanne Le Goff";
        (options.ContactName, options.ContactPhone) = ("Ada Kerbrat", "+33 2 99 00 00 00");
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_breach_is_walked_from_its_declaration_to_its_closing_in_French()
    {
        // Aware on the Friday evening before Whit Monday.
        var start = BreachDesk.InParis("2027-05-14T17:20");
        MoveTo(start);
        var (tenant, worker) = (await _server.Given.TenantAsync(), _desk.Worker());
        await _server.Given.PersonAsync(tenant, PersonKind.Member, "ana@client.example", "Ana", "Loisel");
        await _server.Given.PersonAsync(tenant, PersonKind.Contact, "signataire@client.example");
        var other = await _server.Given.TenantAsync();
        await _server.Given.PersonAsync(other, PersonKind.Member, "paul@other.example", "Paul", "Martin");
        var breach = await _desk.AwareAsync();
        var id = breach.BreachId;
        Assert.Equal(BreachDesk.At(BreachDesk.InParis("2027-05-17T17:20")), breach.Clock.DueTime);

        // The worker dies and is started again at hour 71.
        await AtAsync(start, 24, worker);
        await _desk.AcknowledgeAsync(id);
        await AtAsync(start, 48, worker);
        await _desk.AcknowledgeAsync(id);
        await AtAsync(start, 70, worker);
        worker.Dispose();
        worker = _desk.Worker();
        await AtAsync(start, 71, worker);
        Assert.Equal([24, 48, 60, 70], (await _desk.GetAsync(id)).Clock.Alarms.Select(a => a.Hours));

        await _desk.AssessAsync(id, end: start + Duration.FromHours(1));
        await _desk.DecideAsync(id);
        var first = await _desk.FileAsync(id);
        Assert.Equal(["communication", "communication_reasons"], first.MissingFields);
        await _desk.FinishAsync(id);
        var filed = await _desk.FiledAsync(id, "2027-4711");
        Assert.False(filed.Clock.Late);
        Assert.False(filed.Clock.Running);

        var found = await _desk.FindAsync(id, tenant);
        Assert.Equal((1, 1), (found.Reach.PersonCount, found.Reach.ClientCount));
        Assert.Equal(["identity", "contact", "professional"], found.Reach.DataCategories);
        await _desk.DecidePersonsAsync(id, CommunicationDecision.Tell);
        await _desk.TellPersonsAsync(id);
        await _desk.TellClientsAsync(id);
        await Refused.WithAsync(Kalisecu.Errors.V1.ErrorReason.BreachUnfinished, () => _desk.CloseAsync(id));
        Assert.Equal(2, await BreachDesk.TellAsync(worker));
        Assert.Equal(0, await BreachDesk.TellAsync(worker));
        await LettersSayItAsync(id);

        var complete = await _desk.FinishAsync(id, complete: true);
        await _desk.FiledAsync(id, "2027-4712");
        var file = await _desk.FileAsync(id, 2);
        Assert.Empty(file.MissingFields);
        var json = JsonNode.Parse(file.Json)!;
        Assert.Equal("complémentaire", (string?)json["sections"]!["type"]!["kind"]);
        Assert.Equal("2027-4711", (string?)json["sections"]!["type"]!["initial_receipt_number"]);
        FollowsItsSchema(json);
        Assert.Contains("14 mai 2027 à 17 h 20 (heure de Paris)", file.Html, StringComparison.Ordinal);
        Assert.Contains("Aucun champ ne manque.", file.Html, StringComparison.Ordinal);
        Assert.Equal(2, complete.Notifications.Count);

        var closed = await _desk.CloseAsync(id);
        Assert.Equal(BreachState.Closed, closed.State);
        Assert.Null(closed.Clock.NextAlarmTime);
        Assert.Equal(
            "declared aware alarmed acknowledged alarmed acknowledged alarmed alarmed escalated assessed decided "
                + "notification_finished notified reach_found communication_decided persons_told clients_told letters_written "
                + "notification_finished notified closed",
            await _desk.StepsAsync(id)
        );
        await RegisterHasItAsync(closed);
    }

    /// <summary>The published schema names every part and every field, and no other.</summary>
    private static void FollowsItsSchema(JsonNode json)
    {
        var file = Path.Combine(Programs.RepositoryRoot, "docs", "schemas", "breach-notification.schema.json");
        var schema = JsonNode.Parse(File.ReadAllText(file))!["properties"]!;
        var sections = schema["sections"]!["properties"]!.AsObject();
        Assert.Equal((string?)schema["schema"]!["const"], (string?)json["schema"]);
        Assert.Equal(14, sections.Count);
        Assert.Equal(sections.Select(s => s.Key), json["sections"]!.AsObject().Select(s => s.Key));
        Assert.All(
            sections,
            s =>
                Assert.Equal(
                    s.Value!["required"]!.AsArray().Select(f => (string?)f),
                    json["sections"]![s.Key]!.AsObject().Select(f => f.Key)
                )
        );
    }

    private async Task LettersSayItAsync(string id)
    {
        var person = Assert.Single(await _desk.LettersAsync(id, "person"));
        Assert.Equal("ana@client.example", person.Recipient);
        Assert.Equal("Une violation de données vous concerne", person.Subject);
        Assert.StartsWith("Bonjour Ana Loisel,", person.Plain, StringComparison.Ordinal);
        Assert.Contains(BreachDesk.SummaryFr, person.Plain, StringComparison.Ordinal);
        Assert.Contains(BreachDesk.AdviceFr, person.Plain, StringComparison.Ordinal);
        Assert.Contains("- coordonnées\n", person.Plain, StringComparison.Ordinal);
        Assert.Contains("3 place de Fontenoy, 75007 Paris", person.Plain, StringComparison.Ordinal);
        var client = Assert.Single(await _desk.LettersAsync(id, "client"));
        Assert.Contains("sous-traitant", client.Plain, StringComparison.Ordinal);
        var recipients = await _desk.Breaches.ListBreachRecipientsAsync(
            new ListBreachRecipientsRequest { BreachId = id, PageSize = 1 },
            await _desk.OfficerAsync(),
            cancellationToken: Cancel
        );
        var next = await _desk.Breaches.ListBreachRecipientsAsync(
            new ListBreachRecipientsRequest
            {
                BreachId = id,
                PageSize = 1,
                PageToken = recipients.NextPageToken,
            },
            await _desk.OfficerAsync(),
            cancellationToken: Cancel
        );
        Assert.All(recipients.Recipients.Concat(next.Recipients), r => Assert.NotEqual("", r.LetterId));
        Assert.Equal("", next.NextPageToken);
    }

    private async Task RegisterHasItAsync(Breach breach)
    {
        var csv = await ExportAsync(BreachRegisterFormat.Csv);
        Assert.Contains(breach.Reference, csv.Document, StringComparison.Ordinal);
        Assert.Contains("2027-4711", csv.Document, StringComparison.Ordinal);
        var json = JsonNode.Parse((await ExportAsync(BreachRegisterFormat.Json)).Document)!;
        var entry = Assert.Single(json["entries"]!.AsArray())!;
        Assert.Equal("Les destinataires sont vérifiés par deux personnes.", (string?)entry["lessons"]);
        Assert.Equal("close", (string?)entry["state"]);
    }

    private async Task<ExportBreachRegisterResponse> ExportAsync(BreachRegisterFormat format) =>
        await _desk.Breaches.ExportBreachRegisterAsync(
            new ExportBreachRegisterRequest { Format = format },
            await _desk.OfficerAsync(),
            cancellationToken: Cancel
        );

    private async Task AtAsync(Instant start, int hours, Microsoft.Extensions.Hosting.IHost worker)
    {
        MoveTo(start + Duration.FromHours(hours));
        await BreachDesk.TickAsync(worker);
    }

    private void MoveTo(Instant moment) => _server.Clock.Reset(moment);
}
