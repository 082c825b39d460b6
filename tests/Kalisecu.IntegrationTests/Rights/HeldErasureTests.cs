using Kalisecu.Certificates;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Retention.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>A legal hold stops an erasure that was approved before it (GDPR art. 17(3)(e)), through real calls and the real job.</summary>
public sealed class HeldErasureTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly ServerWorkers _workers = new(server);

    private readonly LegalHoldService.LegalHoldServiceClient _holds = new(server.Channel(SpiffeKind.Frontend, "desk"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _workers.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_of_a_person_goes_while_a_hold_is_on_the_person_or_the_client(bool onPerson)
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Erasure);
        var erasure = await desk.ApprovedErasureAsync();
        var hold = await PlaceAsync(desk, onPerson);
        var before = await HeldAsync(desk);

        Assert.Equal(JobRunState.Succeeded, await _workers.EraseAsync());

        var waiting = await ErasureAsync(desk, erasure);
        Assert.Equal((V1.ErasureState.Approved, "legal_hold"), (waiting.State, waiting.HeldBy));
        Assert.Null(waiting.BeginTime);
        Assert.All(waiting.Steps, s => Assert.Null(s.CompleteTime));
        Assert.Equal(before, await HeldAsync(desk));
        Assert.Contains("members:1", before, StringComparison.Ordinal);
        var request = await desk.RequestAsync();
        Assert.Equal(V1.PrivacyRequestState.Acknowledged, request.State);
        Assert.Equal(V1.RightOutcome.Unspecified, Assert.Single(request.Rights).Outcome);
        Assert.Equal(0L, await desk.Requests.CountAsync(desk.RequestId, "erasure_certificate"));
        Assert.Equal(0L, await desk.EvidenceAsync("erasure.acknowledged"));

        await _holds.ReleaseLegalHoldAsync(
            new ReleaseLegalHoldRequest { HoldId = hold },
            await desk.Requests.OfficerAsync(),
            cancellationToken: Cancel
        );
        server.Clock.Advance(Duration.FromHours(1));
        Assert.Equal(JobRunState.Succeeded, await _workers.EraseAsync());

        var done = await ErasureAsync(desk, erasure);
        Assert.Equal((V1.ErasureState.Completed, ""), (done.State, done.HeldBy));
        Assert.Contains("members:0", await HeldAsync(desk), StringComparison.Ordinal);
        Assert.NotEqual(V1.RightOutcome.Unspecified, Assert.Single((await desk.RequestAsync()).Rights).Outcome);
        Assert.Equal(1L, await desk.Requests.CountAsync(desk.RequestId, "erasure_certificate"));
    }

    private async Task<string> PlaceAsync(RightsDesk desk, bool onPerson)
    {
        var placed = await _holds.PlaceLegalHoldAsync(
            new PlaceLegalHoldRequest
            {
                HeldTenantId = desk.Tenant.ToString("D"),
                PersonId = onPerson ? desk.PersonId : "",
                Article = "GDPR art. 17(3)(e)",
                Reference = "RG 26/0042",
                ReviewDate = LocalDatePattern.Iso.Format(server.Clock.GetCurrentInstant().InUtc().Date.PlusMonths(6)),
            },
            await desk.Requests.OfficerAsync(),
            cancellationToken: Cancel
        );
        return placed.Hold.HoldId;
    }

    /// <summary>How many rows each store would still erase.</summary>
    private Task<string> HeldAsync(RightsDesk desk)
    {
        var person = new PersonRef(desk.Tenant, Guid.Parse(desk.PersonId), PersonKind.Member);
        var services = server.Services;
        return services
            .GetRequiredService<RestrictedRows>()
            .InTenantAsync(
                desk.Tenant,
                async db =>
                {
                    var held = new List<string>();
                    foreach (var store in services.GetRequiredService<PersonStores>().All)
                    {
                        held.Add($"{store.Name}:{(await store.PlanErasureAsync(db, person, Cancel)).Erased}");
                    }

                    return string.Join(' ', held);
                },
                Cancel
            );
    }

    private static async Task<V1.Erasure> ErasureAsync(RightsDesk desk, string erasure) =>
        (
            await desk.Rights.GetErasureAsync(
                new V1.GetErasureRequest { ErasureId = erasure },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Erasure;
}
