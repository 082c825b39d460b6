using System.Text.Json;
using Grpc.Core;
using Kalisecu.Consent;
using Kalisecu.Consent.V1;
using Kalisecu.IntegrationTests.Cli;
using Kalisecu.TestKit;
using ConsentEvent = Kalisecu.Consent.V1.ConsentEvent;

namespace Kalisecu.IntegrationTests.Consent;

public sealed class ReceiptTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly ConsentDesk _desk = new(server);
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_independent_implementation_verifies_a_receipt_and_reads_who_agreed_to_what()
    {
        var it = await _desk.MemberAsync();
        var given = await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        var withdrawn = await _desk.WithdrawAsync(
            new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing },
            it.Member
        );

        var verified = await NodeAsync(await ReceiptAsync(withdrawn, it.Member), await KeysAsync());

        Assert.True(verified.ExitCode == 0, verified.Errors);
        using var document = JsonDocument.Parse(verified.Output);
        Assert.Equal("ES256", document.RootElement.GetProperty("header").GetProperty("alg").GetString());
        var payload = document.RootElement.GetProperty("payload");
        var header = payload.GetProperty("header");
        Assert.Equal(withdrawn.EventId, header.GetProperty("record_id").GetString());
        Assert.Equal(it.Person.ToString("D"), header.GetProperty("pii_principal_id").GetString());
        Assert.Equal(ConsentReceipt.SchemaVersion, header.GetProperty("schema_version").GetString());
        var purpose = payload.GetProperty("pii_processing").GetProperty("purposes")[0];
        Assert.Equal(ConsentDesk.Marketing, purpose.GetProperty("purpose").GetString());
        Assert.Equal("GDPR art. 6(1)(a), consent", purpose.GetProperty("lawful_basis").GetString());
        foreach (
            var field in (string[])
                [
                    "pii_information",
                    "pii_controllers",
                    "recipient_third_parties",
                    "retention_period",
                    "withdrawal_method",
                ]
        )
        {
            Assert.NotEqual(JsonValueKind.Null, purpose.GetProperty(field).ValueKind);
        }

        var controller = payload.GetProperty("party_identification")[0];
        Assert.Equal("KALICERTIF SAS", controller.GetProperty("party_name").GetString());
        var events = payload.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            [(given.EventId, "given"), (withdrawn.EventId, "withdrawn")],
            events.Select(e => (e.GetProperty("event_id").GetString()!, e.GetProperty("event_state").GetString()!))
        );
        Assert.All(events, e => Assert.Equal("dashboard", e.GetProperty("method").GetString()));
    }

    [Fact]
    public async Task The_independent_implementation_refuses_a_damaged_receipt_and_a_foreign_key()
    {
        var it = await _desk.MemberAsync();
        var receipt = await ReceiptAsync(await _desk.GiveAsync(ConsentDesk.Given(), it.Member), it.Member);

        var damaged = await NodeAsync(Damage(receipt), await KeysAsync());
        var foreign = await NodeAsync(receipt, ForeignKeys());

        Assert.Equal((1, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"), (damaged.ExitCode, damaged.Errors.Trim()));
        Assert.Equal((1, "ERR_JWKS_NO_MATCHING_KEY"), (foreign.ExitCode, foreign.Errors.Trim()));
    }

    [Fact]
    public async Task Our_own_command_verifies_offline_and_refuses_what_was_changed()
    {
        using var kalisecu = new CommandLine(server);
        var it = await _desk.MemberAsync();
        var given = await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        var receipt = await ReceiptAsync(given, it.Member);
        var keys = kalisecu.File("keys.json", await KeysAsync());
        var whole = kalisecu.File("whole.jws", receipt + "\n");
        var damaged = kalisecu.File("damaged.jws", Damage(receipt));

        var verified = await VerifyAsync(kalisecu, whole, keys);
        var refused = await VerifyAsync(kalisecu, damaged, keys);
        var foreign = await VerifyAsync(kalisecu, whole, kalisecu.File("foreign.json", ForeignKeys()));

        Assert.Equal(0, verified.Code);
        Assert.Contains(given.EventId, verified.Results, StringComparison.Ordinal);
        Assert.Equal((1, ""), (refused.Code, refused.Results));
        Assert.Contains("was changed", refused.Messages, StringComparison.Ordinal);
        Assert.Equal((1, ""), (foreign.Code, foreign.Results));
    }

    [Fact]
    public async Task The_key_set_holds_nothing_secret()
    {
        using var keys = JsonDocument.Parse(await KeysAsync());

        Assert.All(
            keys.RootElement.GetProperty("keys").EnumerateArray(),
            key =>
                Assert.Equal(
                    ["alg", "crv", "kid", "kty", "use", "x", "y"],
                    key.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)
                )
        );
    }

    // --server points nowhere: the command must not need one.
    private static Task<CommandResult> VerifyAsync(CommandLine kalisecu, string receipt, string keys) =>
        kalisecu.RunAsync(
            "consent",
            "verify-receipt",
            receipt,
            "--keys",
            keys,
            "--json",
            "--server",
            "https://localhost:1"
        );

    private async Task<ProgramResult> NodeAsync(string receipt, string keys)
    {
        if (!Directory.Exists(Path.Combine(Programs.RepositoryRoot, "node_modules", "jose")))
        {
            var install = await Programs.RunAsync(Programs.RepositoryRoot, "npm", ["ci", "--ignore-scripts"], Cancel);
            Assert.True(install.ExitCode == 0, install.Errors);
        }

        await File.WriteAllTextAsync(_folder["receipt.jws"], receipt, Cancel);
        await File.WriteAllTextAsync(_folder["keys.json"], keys, Cancel);
        return await Programs.RunAsync(
            Path.Combine(Programs.RepositoryRoot, "tests", "Kalisecu.IntegrationTests", "Consent"),
            "node",
            ["verify-receipt.mjs", _folder["receipt.jws"], _folder["keys.json"]],
            Cancel
        );
    }

    private async Task<string> ReceiptAsync(ConsentEvent recorded, Metadata who) =>
        (
            await _desk.Consents.GetReceiptAsync(
                new GetReceiptRequest { EventId = recorded.EventId },
                who,
                cancellationToken: Cancel
            )
        ).Receipt;

    private async Task<string> KeysAsync() =>
        (await _desk.Consents.GetReceiptKeysAsync(new GetReceiptKeysRequest(), cancellationToken: Cancel)).Jwks;

    /// <summary>The same with one letter of the payload changed.</summary>
    private static string Damage(string receipt)
    {
        var place = receipt.IndexOf('.') + 20;
        return receipt[..place] + (receipt[place] == 'A' ? 'B' : 'A') + receipt[(place + 1)..];
    }

    private string ForeignKeys()
    {
        var settings = new Kalisecu.Hosting.ServerSettings();
        settings.Receipts.SigningKey = _folder["foreign.key"];
        File.WriteAllText(_folder["foreign.key"], ReceiptKeys.CreatePem());
        using var keys = new ReceiptKeys(settings);
        return keys.Published;
    }
}
