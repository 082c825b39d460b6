using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Compliance.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Compliance;

/// <summary>Who looks at the posture of a real server.</summary>
internal sealed class ComplianceDesk(TestServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ComplianceService.ComplianceServiceClient Operator { get; } =
        new(server.Channel(SpiffeKind.Operator, "console"));

    public ComplianceService.ComplianceServiceClient Dashboard { get; } =
        new(server.Channel(SpiffeKind.Frontend, "dashboard"));

    public async Task<Posture> CheckAsync() =>
        (await Operator.CheckPostureAsync(new CheckPostureRequest(), cancellationToken: Cancel)).Posture;

    /// <summary>What one check of a clause says now.</summary>
    public async Task<ClauseResult> CheckAsync(string clause, string check)
    {
        var status = (await CheckAsync()).Clauses.Single(c =>
            string.Equals(c.Clause.ClauseId, clause, StringComparison.Ordinal)
        );
        var result = status.Results.Single(r => string.Equals(r.Check, check, StringComparison.Ordinal));
        if (result.State == ClauseState.Broken)
        {
            // One that is broken breaks its clause, whatever the others say.
            Assert.Equal(ClauseState.Broken, status.State);
        }

        return result;
    }
}
