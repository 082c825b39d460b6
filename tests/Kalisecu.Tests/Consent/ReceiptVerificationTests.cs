using System.Text;
using System.Text.Json.Nodes;
using Kalisecu.Consent;
using Kalisecu.Hosting;
using Kalisecu.TestKit;

namespace Kalisecu.Tests.Consent;

public sealed class ReceiptVerificationTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_receipt_holds_with_the_keys_of_its_maker_and_says_what_was_signed()
    {
        using var keys = Keys("a");

        var verified = await ReceiptVerification.RunAsync(keys.Sign(APayload()) + "\n", keys.Published);

        Assert.Null(verified.Problem);
        Assert.Equal("é", (string?)verified.Content!["text"]);
    }

    [Fact]
    public async Task No_letter_of_a_receipt_can_be_changed()
    {
        using var keys = Keys("a");
        var receipt = keys.Sign(APayload());

        // The last letter of a base64url part may carry bits that say nothing.
        for (var place = 0; place < receipt.Length - 1; place++)
        {
            if (receipt[place] is '.' || receipt[place + 1] is '.')
            {
                continue;
            }

            var changed = receipt[..place] + (receipt[place] == 'A' ? 'B' : 'A') + receipt[(place + 1)..];
            Assert.NotNull((await ReceiptVerification.RunAsync(changed, keys.Published)).Problem);
        }
    }

    [Fact]
    public async Task Other_algorithms_and_no_signature_at_all_are_refused()
    {
        using var keys = Keys("a");
        var receipt = keys.Sign(APayload());
        var payload = receipt.Split('.')[1];
        var unsigned = Encode("""{"alg":"none","typ":"consent-receipt+jws"}""") + "." + payload + ".";
        var key = JsonNode.Parse(keys.Published)!["keys"]![0]!["x"]!.ToString();
        var header = Encode("""{"alg":"HS256","typ":"consent-receipt+jws"}""");
        var mac = System.Security.Cryptography.HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(key),
            Encoding.UTF8.GetBytes($"{header}.{payload}")
        );

        foreach (
            var forged in (string[])
                [unsigned, $"{header}.{payload}.{Encode(mac)}", "", "x", "..", receipt + ".", new string('A', 100_000)]
        )
        {
            Assert.NotNull((await ReceiptVerification.RunAsync(forged, keys.Published)).Problem);
        }
    }

    [Fact]
    public async Task A_receipt_of_a_former_key_still_holds()
    {
        using var former = Keys("former");
        var receipt = former.Sign(APayload());
        using var made = System.Security.Cryptography.ECDsa.Create();
        made.ImportFromPem(await File.ReadAllTextAsync(_folder["former"], TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(
            _folder["former.pub"],
            made.ExportSubjectPublicKeyInfoPem(),
            TestContext.Current.CancellationToken
        );
        using var other = Keys("new");
        using var both = Keys("new", _folder["former.pub"]);

        Assert.NotNull((await ReceiptVerification.RunAsync(receipt, other.Published)).Problem);
        Assert.Null((await ReceiptVerification.RunAsync(receipt, both.Published)).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("not json")]
    public async Task What_is_no_key_set_verifies_nothing(string keySet)
    {
        using var keys = Keys("a");

        Assert.NotNull((await ReceiptVerification.RunAsync(keys.Sign(APayload()), keySet)).Problem);
    }

    [Fact]
    public void A_file_without_a_fitting_key_stops_the_start()
    {
        File.WriteAllText(_folder["none"], "nothing");
        using var large = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP384
        );
        File.WriteAllText(_folder["large"], large.ExportPkcs8PrivateKeyPem());

        Assert.Throws<InvalidDataException>(() => Open(_folder["none"], ""));
        Assert.Throws<InvalidDataException>(() => Open(_folder["large"], ""));
    }

    private ReceiptKeys Keys(string name, string former = "")
    {
        if (!File.Exists(_folder[name]))
        {
            File.WriteAllText(_folder[name], ReceiptKeys.CreatePem());
        }

        return Open(_folder[name], former);
    }

    private static ReceiptKeys Open(string file, string former)
    {
        var settings = new ServerSettings();
        settings.Receipts.SigningKey = file;
        settings.Receipts.FormerKeys = former;
        return new ReceiptKeys(settings);
    }

    private static JsonObject APayload() => new() { ["text"] = "é" };

    private static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
