using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Consent;
using Kalisecu.Consent.V1;
using Kalisecu.Errors.V1;
using Kalisecu.Hosting;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using ConsentChannel = Kalisecu.Consent.ConsentChannel;
using ConsentEventKind = Kalisecu.Consent.ConsentEventKind;
using ProcessingReason = Kalisecu.Consent.V1.ProcessingReason;

namespace Kalisecu.IntegrationTests.Consent;

public sealed class ProcessingCheckTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ConsentDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_basis_answers_for_itself_as_long_as_nobody_said_anything()
    {
        var it = await _desk.MemberAsync();

        Assert.Equal((true, ProcessingReason.Contract), await AskAsync(it, "service"));
        Assert.Equal((true, ProcessingReason.LegalObligation), await AskAsync(it, "invoicing"));
        Assert.Equal((true, ProcessingReason.LegitimateInterest), await AskAsync(it, "improvement"));
        Assert.Equal((false, ProcessingReason.NoConsent), await AskAsync(it, ConsentDesk.Marketing));
    }

    [Fact]
    public async Task A_consent_allows_until_it_is_taken_back()
    {
        var it = await _desk.MemberAsync();
        var given = await _desk.GiveAsync(ConsentDesk.Given(), it.Member);

        var allowed = await _desk.CheckAsync(it.Person, it.Staff);
        await _desk.WithdrawAsync(new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing }, it.Member);

        Assert.Equal((true, ProcessingReason.Consent), (allowed.Allowed, allowed.Reason));
        Assert.Equal((1, given.EventTime), (allowed.TextVersion, allowed.EventTime));
        Assert.Equal((false, ProcessingReason.Withdrawn), await AskAsync(it, ConsentDesk.Marketing));
    }

    [Theory]
    [InlineData("improvement")]
    [InlineData("direct_marketing")]
    public async Task An_objection_ends_marketing_and_legitimate_interest(string purpose)
    {
        var it = await _desk.MemberAsync();
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);

        var first = await ObjectAsync(it, purpose);
        var again = await ObjectAsync(it, purpose);

        Assert.Equal((false, ProcessingReason.Objected), await AskAsync(it, purpose));
        Assert.Equal(first.EventId, again.EventId);
    }

    [Fact]
    public async Task Whoever_agrees_again_after_an_objection_to_marketing_is_asked_about_no_more()
    {
        var it = await _desk.MemberAsync();
        await ObjectAsync(it, ConsentDesk.Marketing);

        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);

        Assert.Equal((true, ProcessingReason.Consent), await AskAsync(it, ConsentDesk.Marketing));
    }

    [Theory]
    [InlineData("service")]
    [InlineData("invoicing")]
    public async Task Nobody_objects_to_a_contract_or_a_law(string purpose)
    {
        var it = await _desk.MemberAsync();

        var refusal = await Assert.ThrowsAsync<Kalisecu.Errors.Refusal>(() => ObjectAsync(it, purpose));

        Assert.Equal(ErrorReason.ObjectionNotPossible, refusal.Reason);
    }

    [Fact]
    public async Task A_restriction_leaves_what_the_law_demands_and_what_is_agreed_to_since()
    {
        var it = await _desk.MemberAsync();
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        server.Clock.AdvanceSeconds(1);
        await SetAsync(it, "restrict_time = $2");

        Assert.Equal((false, ProcessingReason.Restricted), await AskAsync(it, ConsentDesk.Marketing));
        Assert.Equal((false, ProcessingReason.Restricted), await AskAsync(it, "service"));
        Assert.Equal((false, ProcessingReason.Restricted), await AskAsync(it, "security"));
        Assert.Equal((true, ProcessingReason.LegalObligation), await AskAsync(it, "invoicing"));

        server.Clock.AdvanceSeconds(1);
        await AppendAsync(it, ConsentDesk.Marketing, ConsentEventKind.Given);

        Assert.Equal((true, ProcessingReason.Consent), await AskAsync(it, ConsentDesk.Marketing));
    }

    [Fact]
    public async Task Of_an_erased_person_only_what_the_law_demands_goes_on()
    {
        var it = await _desk.MemberAsync();
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        await SetAsync(it, "erase_time = $2, email_hash = null");

        Assert.Equal((false, ProcessingReason.Erased), await AskAsync(it, ConsentDesk.Marketing));
        Assert.Equal((false, ProcessingReason.Erased), await AskAsync(it, "service"));
        Assert.Equal((true, ProcessingReason.LegalObligation), await AskAsync(it, "invoicing"));
    }

    [Theory]
    [InlineData("Frontend")]
    [InlineData("Worker")]
    public async Task A_form_and_a_worker_ask_with_their_certificate_alone(string kind)
    {
        var it = await _desk.MemberAsync();
        var (prospect, _) = await _desk.ProspectAsync();
        var client = new Kalisecu.Consent.V1.ConsentService.ConsentServiceClient(
            server.Channel(Enum.Parse<SpiffeKind>(kind), "asks-alone")
        );
        var inTenant = new Metadata { { CallerIdentification.TenantHeader, it.Tenant.ToString("D") } };

        var member = await client.CheckProcessingAsync(Question(it.Person), inTenant, cancellationToken: Cancel);
        var outside = await client.CheckProcessingAsync(Question(prospect), cancellationToken: Cancel);

        Assert.Equal(ProcessingReason.NoConsent, member.Reason);
        Assert.Equal(ProcessingReason.NoConsent, outside.Reason);
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () => await client.CheckProcessingAsync(Question(it.Person), cancellationToken: Cancel)
        );
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            async () =>
                await client.CheckProcessingAsync(
                    new CheckProcessingRequest { Purpose = ConsentDesk.Marketing },
                    cancellationToken: Cancel
                )
        );
    }

    [Fact]
    public async Task A_worker_asks_in_process_and_gets_the_same_answer()
    {
        var it = await _desk.MemberAsync();
        var check = server.Services.GetRequiredService<ProcessingCheck>();

        Assert.False(await check.IsAllowedAsync(it.Tenant, it.Person, ConsentDesk.Marketing, Cancel));
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        Assert.True(await check.IsAllowedAsync(it.Tenant, it.Person, ConsentDesk.Marketing, Cancel));
    }

    private async Task<(bool, ProcessingReason)> AskAsync(ConsentParties it, string purpose)
    {
        var answer = await _desk.CheckAsync(it.Person, it.Staff, purpose);
        return (answer.Allowed, answer.Reason);
    }

    private Task<Kalisecu.Consent.ConsentEvent> ObjectAsync(ConsentParties it, string purpose) =>
        AppendAsync(it, purpose, ConsentEventKind.Objected);

    // As the capability does that answers requests of restricted persons too.
    private Task<Kalisecu.Consent.ConsentEvent> AppendAsync(ConsentParties it, string purpose, ConsentEventKind said) =>
        server
            .Services.GetRequiredService<RestrictedRows>()
            .InTenantAsync(
                it.Tenant,
                db =>
                    server
                        .Services.GetRequiredService<ConsentLedger>()
                        .AppendAsync(
                            db,
                            new ConsentWord(it.Person, purpose, said, ConsentChannel.Email),
                            "staff:test",
                            Cancel
                        ),
                Cancel
            );

    private Task<int> SetAsync(ConsentParties it, string columns) =>
        server.Given.RunAsync(
            $"update persons set {columns} where person_id = $1",
            it.Person,
            server.Clock.GetCurrentInstant()
        );

    private static CheckProcessingRequest Question(Guid person) =>
        new() { PersonId = person.ToString("D"), Purpose = ConsentDesk.Marketing };
}
