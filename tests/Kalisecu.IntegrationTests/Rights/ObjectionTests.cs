using Kalisecu.Consent;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>Objections (GDPR art. 21), from what is said to what is processed and answered.</summary>
public sealed class ObjectionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Marketing = "direct_marketing";
    private const string Improvement = "improvement";
    private const string Security = "security";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_objection_to_direct_marketing_wins_at_once_and_is_said_once()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Objection);

        var marketing = await ObjectAsync(desk, Marketing);

        Assert.Equal(V1.ObjectionState.Stopped, marketing.State);
        Assert.Equal(V1.RightOutcome.Granted, await OutcomeAsync(desk));
        await Refused.WithAsync(ErrorReason.AlreadyObjected, () => ObjectAsync(desk, Marketing));
        await Refused.WithAsync(ErrorReason.PurposeUnknown, () => ObjectAsync(desk, "nothing_like_it"));
        Assert.Equal(1L, await desk.EvidenceAsync("consent.objected"));
    }

    [Fact]
    public async Task From_its_receipt_until_it_is_decided_an_objection_stops_the_processing()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Objection);
        Assert.True(await IsAllowedAsync(desk, Improvement));

        var objection = await ObjectAsync(desk, Improvement);
        Assert.Equal(V1.ObjectionState.Open, objection.State);
        Assert.False(await IsAllowedAsync(desk, Improvement));

        await DecideAsync(desk, objection, "");
        Assert.False(await IsAllowedAsync(desk, Improvement));
        Assert.Equal(V1.RightOutcome.Granted, await OutcomeAsync(desk));
    }

    [Fact]
    public async Task An_overridden_objection_is_answered_as_refused_with_its_grounds()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: true, V1.Right.Objection);
        var objection = await ObjectAsync(desk, Security);
        await Refused.WithAsync(ErrorReason.RightsWithoutOutcome, () => desk.CompleteAsync());

        var decided = await DecideAsync(desk, objection, "An attack on the platform is being investigated.");
        await desk.CompleteAsync();

        Assert.Equal(V1.ObjectionState.Overridden, decided.State);
        Assert.True(await IsAllowedAsync(desk, Security));
        Assert.Equal(V1.RightOutcome.Refused, await OutcomeAsync(desk));
        var refusal = await desk.LetterAsync("refusal");
        Assert.Contains("An attack on the platform", refusal.Plain, StringComparison.Ordinal);
        Assert.Contains("Sécurité de la plateforme", refusal.Plain, StringComparison.Ordinal);
        Assert.Contains("CNIL", refusal.Plain, StringComparison.Ordinal);
        var answer = await desk.LetterAsync("answer");
        Assert.DoesNotContain("ont cessé", answer.Plain, StringComparison.Ordinal);
        Assert.Contains("pas pu donner suite", answer.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_to_object_has_its_outcome_once_every_purpose_is_decided()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Objection);
        await ObjectAsync(desk, Marketing);
        Assert.Equal(V1.RightOutcome.Granted, await OutcomeAsync(desk));

        var open = await ObjectAsync(desk, Improvement);
        Assert.Equal(V1.RightOutcome.Unspecified, await OutcomeAsync(desk));
        await Refused.WithAsync(ErrorReason.RightsWithoutOutcome, () => desk.CompleteAsync());

        await DecideAsync(desk, open, "A study that nobody can be left out of.");
        Assert.Equal(V1.RightOutcome.PartlyGranted, await OutcomeAsync(desk));
        await desk.CompleteAsync();
    }

    [Fact]
    public async Task Who_agreed_to_direct_marketing_again_can_object_again()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Objection);
        await ObjectAsync(desk, Marketing);
        await AgreeAsync(desk);
        Assert.True(await IsAllowedAsync(desk, Marketing));

        var again = await ObjectAsync(desk, Marketing);

        Assert.Equal(V1.ObjectionState.Stopped, again.State);
        Assert.False(await IsAllowedAsync(desk, Marketing));
        Assert.Equal(V1.RightOutcome.Granted, await OutcomeAsync(desk));
    }

    [Fact]
    public async Task A_person_takes_an_objection_back_and_what_rests_on_consent_waits_for_a_consent_anew()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Objection);
        await ObjectAsync(desk, Improvement);
        await ObjectAsync(desk, Marketing);

        Assert.Equal(V1.ObjectionState.Withdrawn, (await WithdrawAsync(desk, Improvement)).State);
        Assert.True(await IsAllowedAsync(desk, Improvement));
        Assert.Equal(V1.RightOutcome.Granted, await OutcomeAsync(desk));

        await WithdrawAsync(desk, Marketing);
        Assert.False(await IsAllowedAsync(desk, Marketing));
        Assert.Equal(V1.RightOutcome.Unspecified, await OutcomeAsync(desk));
        await AgreeAsync(desk);
        Assert.True(await IsAllowedAsync(desk, Marketing));
        await Refused.WithAsync(ErrorReason.NotFound, () => WithdrawAsync(desk, Marketing));
    }

    private async Task<bool> IsAllowedAsync(RightsDesk desk, string purpose) =>
        await server
            .Services.GetRequiredService<ProcessingCheck>()
            .IsAllowedAsync(desk.Tenant, Guid.Parse(desk.PersonId), purpose, Cancel);

    private Task<ConsentEvent> AgreeAsync(RightsDesk desk)
    {
        var word = new ConsentWord(
            Guid.Parse(desk.PersonId),
            Marketing,
            ConsentEventKind.Given,
            ConsentChannel.Dashboard,
            TextVersion: 1
        );
        return server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                desk.Tenant,
                db => server.Services.GetRequiredService<ConsentLedger>().AppendAsync(db, word, "member:test", Cancel),
                Cancel
            );
    }

    private static async Task<V1.RightOutcome> OutcomeAsync(RightsDesk desk) =>
        Assert.Single((await desk.RequestAsync()).Rights).Outcome;

    private static async Task<V1.Objection> WithdrawAsync(RightsDesk desk, string purpose) =>
        (
            await desk.Rights.WithdrawObjectionAsync(
                new V1.WithdrawObjectionRequest { Purpose = purpose },
                desk.Member,
                cancellationToken: Cancel
            )
        ).Objection;

    private static async Task<V1.Objection> DecideAsync(RightsDesk desk, V1.Objection objection, string grounds) =>
        (
            await desk.Rights.DecideObjectionAsync(
                new V1.DecideObjectionRequest
                {
                    ObjectionId = objection.ObjectionId,
                    Etag = objection.Etag,
                    CompellingGrounds = grounds,
                },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Objection;

    private static async Task<V1.Objection> ObjectAsync(RightsDesk desk, string purpose) =>
        (
            await desk.Rights.ObjectToProcessingAsync(
                new V1.ObjectToProcessingRequest
                {
                    PrivacyRequestId = desk.RequestId,
                    PersonId = desk.PersonId,
                    Purpose = purpose,
                },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Objection;
}
