using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Consent.V1;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;
using Duration = NodaTime.Duration;

namespace Kalisecu.IntegrationTests.Consent;

public sealed class ConsentRefusalTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ConsentDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_purpose_is_refused()
    {
        var it = await _desk.MemberAsync();

        await GiveRefusedAsync(ErrorReason.PurposeUnknown, ConsentDesk.Given("no_such_purpose"), it.Member);
        await Refused.WithAsync(
            ErrorReason.PurposeUnknown,
            () => _desk.CheckAsync(it.Person, it.Staff, "no_such_purpose")
        );
    }

    [Fact]
    public async Task A_version_of_the_text_that_never_existed_is_refused()
    {
        var it = await _desk.MemberAsync();

        await GiveRefusedAsync(ErrorReason.PurposeVersionUnknown, ConsentDesk.Given(version: 99), it.Member);
        await GiveRefusedAsync(ErrorReason.InvalidRequest, ConsentDesk.Given(version: 0), it.Member);
        await GiveRefusedAsync(ErrorReason.InvalidRequest, ConsentDesk.Given(version: -1), it.Member);
    }

    [Fact]
    public async Task A_person_nobody_knows_is_refused()
    {
        var it = await _desk.MemberAsync();
        var nobody = Guid.CreateVersion7();

        await GiveRefusedAsync(ErrorReason.NotFound, ConsentDesk.GivenBy(nobody), it.Staff);
        await Refused.WithAsync(ErrorReason.NotFound, () => _desk.CheckAsync(nobody, it.Staff));
        await Refused.WithAsync(ErrorReason.NotFound, () => _desk.StateAsync(it.Staff, nobody));
    }

    [Fact]
    public async Task Somebody_of_another_tenant_is_as_absent_as_nobody()
    {
        var (it, other) = (await _desk.MemberAsync(), await _desk.MemberAsync());
        var (prospect, _) = await _desk.ProspectAsync();

        await GiveRefusedAsync(ErrorReason.NotFound, ConsentDesk.GivenBy(other.Person), it.Staff);
        await GiveRefusedAsync(ErrorReason.NotFound, ConsentDesk.GivenBy(prospect), it.Staff);
    }

    [Fact]
    public async Task A_moment_in_the_future_or_before_the_text_is_refused()
    {
        var it = await _desk.MemberAsync();
        var now = server.Clock.GetCurrentInstant();
        var request = ConsentDesk.GivenBy(it.Person);
        request.EventTime = Time(now + Duration.FromSeconds(1));
        await GiveRefusedAsync(ErrorReason.InvalidRequest, request, it.Staff);
        request.EventTime = Time(Instant.FromUtc(2020, 1, 1, 0, 0));
        await GiveRefusedAsync(ErrorReason.InvalidRequest, request, it.Staff);
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () => _desk.StateAsync(it.Staff, it.Person, now + Duration.FromSeconds(1))
        );
    }

    [Fact]
    public async Task A_member_gives_now_and_by_the_own_session_alone()
    {
        var it = await _desk.MemberAsync();
        var past = ConsentDesk.Given();
        past.EventTime = Time(server.Clock.GetCurrentInstant() - Duration.FromHours(1));
        var paper = ConsentDesk.Given();
        paper.Channel = ConsentChannel.Paper;

        await GiveRefusedAsync(ErrorReason.InvalidRequest, past, it.Member);
        await GiveRefusedAsync(ErrorReason.InvalidRequest, paper, it.Member);
    }

    [Fact]
    public async Task Staff_names_the_channel_and_never_the_persons_own_session()
    {
        var it = await _desk.MemberAsync();
        ConsentChannel[] wrong =
        [
            ConsentChannel.Unspecified,
            ConsentChannel.Dashboard,
            ConsentChannel.Link,
            ConsentChannel.System,
            (ConsentChannel)77,
        ];

        foreach (var channel in wrong)
        {
            await GiveRefusedAsync(ErrorReason.InvalidRequest, ConsentDesk.GivenBy(it.Person, channel), it.Staff);
        }
    }

    [Theory]
    [InlineData("service")]
    [InlineData("invoicing")]
    [InlineData("improvement")]
    public async Task Consent_to_what_does_not_rest_on_it_is_refused(string purpose)
    {
        var it = await _desk.MemberAsync();

        await GiveRefusedAsync(ErrorReason.ConsentNotTheBasis, ConsentDesk.Given(purpose), it.Member);
        await Refused.WithAsync(
            ErrorReason.ConsentNotTheBasis,
            () => _desk.WithdrawAsync(new WithdrawConsentRequest { Purpose = purpose }, it.Member)
        );
    }

    [Fact]
    public async Task Withdrawing_what_was_never_given_is_recorded_as_a_refusal_and_a_repeat_writes_nothing()
    {
        var it = await _desk.MemberAsync();
        var request = new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing };

        var first = await _desk.WithdrawAsync(request, it.Member);
        var again = await _desk.WithdrawAsync(request, it.Member);

        Assert.Equal(ConsentEventKind.Refused, first.Kind);
        Assert.Equal(first, again);
        Assert.Equal(ProcessingReason.Refused, (await _desk.CheckAsync(it.Person, it.Staff)).Reason);
    }

    [Fact]
    public async Task Withdrawing_twice_answers_the_same_withdrawal()
    {
        var it = await _desk.MemberAsync();
        var request = new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing };
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);

        var first = await _desk.WithdrawAsync(request, it.Member);
        server.Clock.AdvanceSeconds(5);
        var again = await _desk.WithdrawAsync(request, it.Member);

        Assert.Equal(ConsentEventKind.Withdrawn, first.Kind);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Saying_no_to_what_was_given_takes_it_back()
    {
        var it = await _desk.MemberAsync();
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);

        var refused = await _desk.Consents.RefuseConsentAsync(
            new RefuseConsentRequest { Purpose = ConsentDesk.Marketing },
            it.Member,
            cancellationToken: Cancel
        );

        Assert.Equal(ConsentEventKind.Withdrawn, refused.Event.Kind);
    }

    [Fact]
    public async Task A_malformed_tenant_is_not_taken_for_none()
    {
        var (person, staff) = await _desk.ProspectAsync();
        staff.Add(Kalisecu.Hosting.CallerIdentification.TenantHeader, "not-a-tenant");

        await Refused.WithAsync(ErrorReason.TenantRequired, () => _desk.StateAsync(staff, person));
    }

    [Fact]
    public async Task Text_that_is_no_name_of_a_purpose_is_refused_before_any_lookup()
    {
        var it = await _desk.MemberAsync();

        foreach (
            var name in (string[])["", "Direct Marketing", "'; drop table consent_events; --", new string('a', 41)]
        )
        {
            await GiveRefusedAsync(ErrorReason.InvalidRequest, ConsentDesk.Given(name), it.Member);
        }
    }

    private Task<RpcException> GiveRefusedAsync(ErrorReason reason, GiveConsentRequest request, Metadata who) =>
        Refused.WithAsync(reason, () => _desk.GiveAsync(request, who));

    private static Timestamp Time(Instant moment) => Timestamp.FromDateTimeOffset(moment.ToDateTimeOffset());
}
