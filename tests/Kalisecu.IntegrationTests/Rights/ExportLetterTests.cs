using System.Text.RegularExpressions;
using Kalisecu.Certificates;
using Kalisecu.Deliveries.V1;
using Kalisecu.Errors.V1;
using Kalisecu.Outbox;
using Kalisecu.TestKit;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>The letter that brings a person the link to a copy of their data, from the call to the mailbox.</summary>
public sealed partial class ExportLetterTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly ServerWorkers _workers = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _workers.Dispose();

    [Theory]
    [InlineData(V1.ExportKind.Access, V1.RequestLanguage.Fr, "la copie de vos données", "Vos données personnelles")]
    [InlineData(V1.ExportKind.Access, V1.RequestLanguage.En, "the copy of your data", "Your personal data")]
    [InlineData(V1.ExportKind.Portability, V1.RequestLanguage.Fr, "la copie de vos données", "record,store")]
    [InlineData(V1.ExportKind.Portability, V1.RequestLanguage.En, "the copy of your data", "record,store")]
    public async Task A_copy_writes_the_person_a_letter_whose_link_opens_it_once(
        V1.ExportKind kind,
        V1.RequestLanguage language,
        string subject,
        string content
    )
    {
        var desk = await OpenAsync(language);
        var made = await MakeAsync(desk, kind);
        Assert.True(made.Posted);

        var letter = Assert.Single(
            await _workers.DeliverAsync(desk.Email),
            m => m.Subject.Contains(subject, StringComparison.Ordinal)
        );

        var token = Token().Match(letter.TextBody).Value;
        Assert.Contains(token, letter.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("3 place de Fontenoy, 75007 Paris", letter.TextBody, StringComparison.Ordinal);
        Assert.Contains(content, await desk.FetchAsync(token), StringComparison.Ordinal);
        await Refused.WithAsync(ErrorReason.ExportLinkNotValid, () => desk.FetchAsync(token));
    }

    [Fact]
    public async Task Nobody_reads_the_link_in_the_letter_and_it_is_gone_from_there_once_the_letter_was_sent()
    {
        var desk = await OpenAsync(V1.RequestLanguage.En);
        await MakeAsync(desk, V1.ExportKind.Access);
        var id = await server.Given.AskAsync<Guid>(
            "select letter_id from letters where cause_id = $1 and kind = 'privacy_request.copy' and secret is not null",
            Guid.Parse(desk.RequestId)
        );

        var read = await new DeliveryService.DeliveryServiceClient(
            server.Channel(SpiffeKind.Frontend, "desk")
        ).GetLetterAsync(
            new GetLetterRequest { LetterId = id.ToString("D"), Reason = "the person says that it did not come" },
            await desk.Requests.OfficerAsync(),
            cancellationToken: Cancel
        );
        var copy = await desk.FetchAsync(
            await desk.ExportAsync(V1.ExportKind.Access, V1.ExportLanguage.En),
            V1.ExportFormat.Json
        );
        var mails = await _workers.DeliverAsync(desk.Email);

        Assert.Contains(LetterSecret.Mark, read.Content.Text, StringComparison.Ordinal);
        Assert.Empty(Token().Matches(read.Content.Text));
        Assert.Contains(LetterSecret.Mark, copy.Text, StringComparison.Ordinal);
        foreach (var mail in mails.Where(m => Token().IsMatch(m.TextBody)))
        {
            Assert.DoesNotContain(Token().Match(mail.TextBody).Value, copy.Text, StringComparison.Ordinal);
        }

        Assert.Equal(
            "Sent,true",
            await server.Given.AskAsync<string>(
                "select state || ',' || (secret is null) from letters where letter_id = $1",
                id
            )
        );
    }

    [Fact]
    public async Task A_letter_that_cannot_leave_before_its_link_ends_is_not_sent_and_another_can_be_posted()
    {
        var desk = await OpenAsync(V1.RequestLanguage.Fr);
        var made = await MakeAsync(desk, V1.ExportKind.Access);
        await server.Given.RunAsync(
            "update letters set secret_expire_time = create_time where cause_id = $1",
            Guid.Parse(desk.RequestId)
        );

        Assert.NotEqual(0, await _workers.DropSecretsAsync());
        Assert.DoesNotContain(await _workers.DeliverAsync(desk.Email), m => Token().IsMatch(m.TextBody));
        Assert.Equal(
            "Dead,secret_expired,true",
            await server.Given.AskAsync<string>(
                """
                select state || ',' || state_reason || ',' || (secret is null) from letters
                where cause_id = $1 and kind = 'privacy_request.copy'
                """,
                Guid.Parse(desk.RequestId)
            )
        );

        var posted = await desk.Rights.CreateExportLinkAsync(
            new V1.CreateExportLinkRequest
            {
                ExportId = made.Export.ExportId,
                Format = V1.ExportFormat.Json,
                Post = true,
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        var mail = Assert.Single(await _workers.DeliverAsync(desk.Email), m => Token().IsMatch(m.TextBody));

        Assert.Equal("", posted.Token);
        Assert.StartsWith("{", await desk.FetchAsync(Token().Match(mail.TextBody).Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_copy_leaves_neither_link_nor_letter()
    {
        var desk = await OpenAsync(V1.RequestLanguage.Fr);

        await Refused.WithAsync(
            ErrorReason.ExportFormatNotOffered,
            () => MakeAsync(desk, V1.ExportKind.Access, V1.ExportFormat.Csv)
        );

        Assert.Equal(0L, await desk.Requests.CountAsync(desk.RequestId, "copy"));
        Assert.Equal(
            0L,
            await server.Given.AskAsync<long>("select count(*) from data_exports where tenant_id = $1", desk.Tenant)
        );
    }

    [Fact]
    public async Task Who_gave_no_address_gets_no_link_by_mail_and_staff_are_told_so()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: true, V1.RequestLanguage.Fr, V1.Right.Access);
        await server.Given.RunAsync(
            "update privacy_requests set email = null, email_hash = null where privacy_request_id = $1",
            Guid.Parse(desk.RequestId)
        );

        var made = await MakeAsync(desk, V1.ExportKind.Access);
        await Refused.WithAsync(
            ErrorReason.NoKnownAddress,
            () =>
                desk
                    .Rights.CreateExportLinkAsync(
                        new V1.CreateExportLinkRequest
                        {
                            ExportId = made.Export.ExportId,
                            Format = V1.ExportFormat.Html,
                            Post = true,
                        },
                        desk.Officer,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );

        Assert.False(made.Posted);
        Assert.Equal(0L, await desk.Requests.CountAsync(desk.RequestId, "copy"));
    }

    [Fact]
    public async Task A_copy_goes_to_no_address_but_the_one_by_which_the_person_is_known()
    {
        var desk = await RightsDesk.OpenAsync(
            server,
            byStaff: true,
            V1.RequestLanguage.Fr,
            V1.Right.Access,
            V1.Right.Rectification
        );
        await desk.Rights.RectifyPersonAsync(
            new V1.RectifyPersonRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                Email = "other." + desk.Email,
            },
            desk.Officer,
            cancellationToken: Cancel
        );

        var made = await MakeAsync(desk, V1.ExportKind.Access);

        Assert.False(made.Posted);
        Assert.Equal(0L, await desk.Requests.CountAsync(desk.RequestId, "copy"));
    }

    private Task<RightsDesk> OpenAsync(V1.RequestLanguage language) =>
        RightsDesk.OpenAsync(server, byStaff: false, language, V1.Right.Access, V1.Right.Portability);

    private static async Task<V1.CreateExportResponse> MakeAsync(
        RightsDesk desk,
        V1.ExportKind kind,
        V1.ExportFormat format = V1.ExportFormat.Unspecified
    ) =>
        await desk.Rights.CreateExportAsync(
            new V1.CreateExportRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                Kind = kind,
                Language =
                    desk.Requests.Language is V1.RequestLanguage.Fr ? V1.ExportLanguage.Fr : V1.ExportLanguage.En,
                LinkFormat = format,
            },
            desk.Officer,
            cancellationToken: Cancel
        );

    // The token stands on a line of its own.
    [GeneratedRegex("^[A-Za-z0-9_-]{43}(?=\r?$)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
