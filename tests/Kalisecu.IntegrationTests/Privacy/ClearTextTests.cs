using System.Text;
using System.Text.RegularExpressions;
using Kalisecu.Accounts.V1;
using Kalisecu.IntegrationTests.Accounts;
using Kalisecu.IntegrationTests.Findings;
using Kalisecu.IntegrationTests.PrivacyRequests;
using Kalisecu.IntegrationTests.Tenants;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Privacy;

public sealed partial class ClearTextTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_person_secret_or_exchange_stands_in_clear_in_the_database_or_the_files()
    {
        var staff = await new StaffDesk(server).HireAsync(StaffRole.Analyst);
        using var site = await PushedSite.OfAsync(server);
        await FillAsync(site);
        await AskAboutDataAsync();
        await site.PushAsync(new AScan(("xss", [1, 2])));
        string[] secrets =
        [
            staff.Email,
            "Claire Martin",
            staff.Secret,
            StaffDesk.Password,
            "lea.private@client.example",
            "Bernardeau",
            "camille.martin@client.example",
            "Camille Martin",
            "test-shopper",
            "open-sesame-1",
            "GET /page HTTP/1.1",
            "paul.private@person.example",
            "Paul Quéméneur",
            "Why do you write to me",
            "What came by mail",
        ];

        var stored = await RowsAsync();
        stored.AddRange(Files(server.Settings.Objects.Folder).Concat(Files(server.Settings.Keys.Folder)));

        Assert.Contains(stored, s => s.Text.Contains("https://shop.example.fr", StringComparison.Ordinal));
        Assert.Empty(
            from one in stored
            from secret in secrets
            where one.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)
            select $"{one.Where} holds {secret}"
        );
    }

    private async Task FillAsync(PushedSite site)
    {
        var desk = new ClientDesk(server);
        var analyst = await server.Given.SignedInAsync(Role.StaffAnalyst, site.Tenant);
        await desk.Members.InviteMemberAsync(
            new InviteMemberRequest
            {
                RequestId = Guid.CreateVersion7().ToString("D"),
                Email = "lea.private@client.example",
                FirstName = "Léa",
                LastName = "Bernardeau",
                Role = MemberRole.Owner,
            },
            analyst,
            cancellationToken: Cancel
        );
        await desk.UploadAsync(desk.Header(site.Site.ToString("D")), ClientDesk.Pdf(1000), analyst);
        await desk.Sites.SetSiteCredentialAsync(
            new SetSiteCredentialRequest
            {
                RequestId = Guid.CreateVersion7().ToString("D"),
                SiteId = site.Site.ToString("D"),
                Name = "shopper",
                UserName = "test-shopper",
                Secret = "open-sesame-1",
            },
            analyst,
            cancellationToken: Cancel
        );
    }

    private async Task AskAboutDataAsync()
    {
        var desk = new RequestDesk(server);
        var officer = await desk.OfficerAsync();
        var made = await desk.Requests.ReceivePrivacyRequestAsync(
            new ReceivePrivacyRequestRequest
            {
                RequestId = Guid.CreateVersion7().ToString("D"),
                Channel = RequestChannel.Email,
                ReceivedDate = desk.Today,
                Rights = { Right.Access },
                Email = "paul.private@person.example",
                RequesterName = "Paul Quéméneur",
                Details = "Why do you write to me",
            },
            officer,
            cancellationToken: Cancel
        );
        var id = made.PrivacyRequest.PrivacyRequestId;
        await desk.AttachAsync(id, "Paul Quéméneur.txt", "What came by mail"u8.ToArray(), officer);
        await desk.Requests.CompletePrivacyRequestAsync(
            new CompletePrivacyRequestRequest { PrivacyRequestId = id, Explanation = "Paul Quéméneur is nobody here." },
            officer,
            cancellationToken: Cancel
        );
    }

    private async Task<List<(string Where, string Text)>> RowsAsync()
    {
        await using var source = server.Database.OpenSuperuser();
        var tables = new List<string>();
        await using (
            var command = source.CreateCommand(
                "select quote_ident(tablename) from pg_tables where schemaname = 'public' order by 1"
            )
        )
        {
            await using var names = await command.ExecuteReaderAsync(Cancel);
            while (await names.ReadAsync(Cancel))
            {
                tables.Add(names.GetString(0));
            }
        }

        var rows = new List<(string Where, string Text)>();
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand($"select t::text from {table} t");
            await using var read = await command.ExecuteReaderAsync(Cancel);
            while (await read.ReadAsync(Cancel))
            {
                var text = read.GetString(0);
                rows.Add((table, text));
                rows.AddRange(
                    Bytes()
                        .Matches(text)
                        .Select(m => (table, Encoding.UTF8.GetString(Convert.FromHexString(m.Groups["hex"].Value))))
                );
            }
        }

        return rows;
    }

    private static IEnumerable<(string Where, string Text)> Files(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => (f, Encoding.UTF8.GetString(File.ReadAllBytes(f))));

    // As PostgreSQL writes bytea in text.
    [GeneratedRegex(@"\\x(?<hex>([0-9a-f]{2})+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Bytes();
}
