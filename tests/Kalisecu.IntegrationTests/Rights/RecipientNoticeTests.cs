using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Compliance.V1;
using Kalisecu.Errors.V1;
using Kalisecu.TestKit;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>GDPR art. 19: who received the data is told what became of it, by letter or by hand, and the person may know.</summary>
public sealed class RecipientNoticeTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private const string Mail = "privacy@mail.example";
    private const string Payment = "privacy@payment.example";
    private const string Host = "privacy@host.example";

    private readonly ServerWorkers _workers = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _workers.Dispose();

    [Fact]
    public async Task A_rectification_brings_the_right_values_to_who_knows_the_person_and_no_name_to_who_only_hosts()
    {
        await ContactsAsync();
        var desk = await RightsDesk.OpenAsync(server, byStaff: true, V1.Right.Rectification);

        await desk.Rights.RectifyPersonAsync(
            new V1.RectifyPersonRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                LastName = "Loisel-Roy",
                Email = "new." + desk.Email,
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        var french = await MailOfAsync(Mail, desk);
        var english = await MailOfAsync(Payment, desk);
        var host = await MailOfAsync(Host, desk);

        Assert.Contains("rectification", french.Subject, StringComparison.Ordinal);
        // By the address that it knows, not by the one that it has to learn.
        Assert.Contains("telle que vous la connaissez : " + desk.Email, french.TextBody, StringComparison.Ordinal);
        Assert.Contains("- Nom : Loisel-Roy", french.TextBody, StringComparison.Ordinal);
        Assert.Contains("- E-mail address: new." + desk.Email, english.TextBody, StringComparison.Ordinal);
        Assert.Contains("KALICERTIF SAS", english.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(desk.Email, host.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Loisel-Roy", host.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restriction_is_told_although_the_person_is_restricted()
    {
        await ContactsAsync();
        var desk = await RightsDesk.OpenAsync(server, byStaff: true, V1.Right.Restriction);

        await desk.Rights.RestrictPersonAsync(
            new V1.RestrictPersonRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                Ground = V1.RestrictionGround.Accuracy,
            },
            desk.Officer,
            cancellationToken: Cancel
        );

        var letter = await MailOfAsync(Mail, desk);
        Assert.Contains(
            "conservez celles que vous détenez sans les utiliser",
            letter.TextBody,
            StringComparison.Ordinal
        );
        Assert.Contains(desk.Email, letter.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erasure_is_told_when_it_is_complete_and_the_certificate_says_to_whom()
    {
        await ContactsAsync();
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.RequestLanguage.Fr, V1.Right.Erasure);
        var erasure = await desk.ApprovedErasureAsync();
        Assert.Empty(await NoticesAsync(desk, desk.Officer));

        await _workers.EraseAsync();

        var letter = await MailOfAsync(Mail, desk);
        Assert.Contains("Effacez celles que vous détenez", letter.TextBody, StringComparison.Ordinal);
        Assert.Contains(desk.Email, letter.TextBody, StringComparison.Ordinal);
        var certificate = await desk.LetterAsync("erasure_certificate");
        var notices = await NoticesAsync(desk, desk.Officer);
        Assert.NotEmpty(notices);
        Assert.All(notices, n => Assert.Equal(erasure, n.CauseId));
        Assert.All(notices, n => Assert.Contains("- " + n.Recipient, certificate.Plain, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_has_no_address_is_listed_until_staff_record_that_it_was_told_once()
    {
        await ContactsAsync();
        var desk = await RectifiedAsync();
        var untold = await NoticesAsync(desk, desk.Officer, untoldOnly: true);
        Assert.Contains("OVH SAS", untold.Select(n => n.Recipient));
        Assert.DoesNotContain("Mail SAS", untold.Select(n => n.Recipient));
        Assert.All(untold, n => Assert.False(n.HasLetter));
        var first = untold[0];

        await Refused.WithAsync(ErrorReason.InvalidRequest, () => TellAsync(desk, first.NoticeId, "2999-01-01"));
        var told = await TellAsync(desk, first.NoticeId, desk.Requests.Today);
        await Refused.WithAsync(ErrorReason.RecipientTold, () => TellAsync(desk, first.NoticeId, desk.Requests.Today));

        Assert.Equal(desk.Requests.Today, told.ToldDate);
        Assert.DoesNotContain(
            first.NoticeId,
            (await NoticesAsync(desk, desk.Officer, untoldOnly: true)).Select(n => n.NoticeId)
        );
        Assert.Equal(1L, await desk.EvidenceAsync("recipient.told"));
    }

    [Fact]
    public async Task The_person_may_know_who_was_told_and_nobody_else_of_the_client()
    {
        var desk = await RectifiedAsync();
        var colleague = await server.Given.SignedInAsync(Tenancy.Role.MemberOwner, desk.Tenant);

        Assert.Contains("OVH SAS", (await NoticesAsync(desk, desk.Member)).Select(n => n.Recipient));
        Assert.Empty(await NoticesAsync(desk, colleague));
    }

    [Fact]
    public async Task A_company_of_several_entries_is_told_once()
    {
        await SetAsync("host-2", "Host SAS", ProcessorRole.Hosting, "FR", "");
        await ContactsAsync();

        var desk = await RectifiedAsync();

        Assert.Single(await NoticesAsync(desk, desk.Officer), n => n.Recipient is "Host SAS" && n.HasLetter);
    }

    [Fact]
    public async Task A_contact_that_is_no_address_is_refused() =>
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () => SetAsync("mail", "Mail SAS", ProcessorRole.Email, "FR", "privacy@mail.example\r\nBcc: x@y.example")
        );

    private async Task ContactsAsync()
    {
        await SetAsync("mail", "Mail SAS", ProcessorRole.Email, "FR", Mail);
        await SetAsync("payment", "Payment Ltd", ProcessorRole.Payment, "IE", Payment);
        await SetAsync("host", "Host SAS", ProcessorRole.Hosting, "FR", Host);
    }

    private Task<SetProcessorResponse> SetAsync(
        string name,
        string company,
        ProcessorRole role,
        string country,
        string contact
    ) =>
        new RegisterService.RegisterServiceClient(server.Channel(SpiffeKind.Operator, "console"))
            .SetProcessorAsync(
                new SetProcessorRequest
                {
                    Name = name,
                    LegalName = company,
                    Role = role,
                    Country = country,
                    Purposes = { ProcessingPurpose.Communication },
                    PrivacyContact = contact,
                },
                cancellationToken: Cancel
            )
            .ResponseAsync;

    private async Task<RightsDesk> RectifiedAsync()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Rectification);
        await desk.Rights.RectifyPersonAsync(
            new V1.RectifyPersonRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                LastName = "Loisel-Roy",
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        return desk;
    }

    private static async Task<IReadOnlyList<V1.RecipientNotice>> NoticesAsync(
        RightsDesk desk,
        Metadata headers,
        bool untoldOnly = false
    ) =>
        (
            await desk.Rights.ListRecipientNoticesAsync(
                new V1.ListRecipientNoticesRequest { PrivacyRequestId = desk.RequestId, UntoldOnly = untoldOnly },
                headers,
                cancellationToken: Cancel
            )
        ).Notices;

    private static async Task<V1.RecipientNotice> TellAsync(RightsDesk desk, string notice, string date) =>
        (
            await desk.Rights.RecordRecipientToldAsync(
                new V1.RecordRecipientToldRequest
                {
                    NoticeId = notice,
                    ToldDate = date,
                    How = "By phone, its officer.",
                },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Notice;

    /// <summary>The letter to a recipient about this desk's request, as it arrived.</summary>
    private async Task<ArrivedLetter> MailOfAsync(string address, RightsDesk desk)
    {
        var number = Kalisecu.PrivacyRequests.PrivacyRequest.ReferenceOf(Guid.Parse(desk.RequestId));
        return Assert.Single(
            await _workers.DeliverAsync(address),
            m => m.Subject.Contains(number, StringComparison.Ordinal)
        );
    }
}
