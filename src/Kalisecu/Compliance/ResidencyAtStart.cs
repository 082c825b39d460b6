using Kalisecu.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Compliance;

/// <summary>
/// Keeps a process from starting whose settings name a host where data may not go. The database holds the register, so it
/// cannot vouch for itself: it has to be on a host of our own.
/// </summary>
internal sealed class ResidencyAtStart(
    IEnumerable<ConfiguredEndpoint> endpoints,
    ResidencyGuard guard,
    ILogger<ResidencyAtStart> log
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints)
        {
            try
            {
                if (endpoint.HoldsRegister)
                {
                    guard.RequireOwn(endpoint.Host);
                }
                else
                {
                    await guard.RequireListedAsync(endpoint.Host, cancellationToken);
                }
            }
            catch (Refusal refusal)
            {
                ComplianceLog.EndpointRefused(log, endpoint.Use, refusal.Message);
                throw new InvalidOperationException(
                    $"The settings name a host for the {endpoint.Use} that is refused. {refusal.Message}",
                    refusal
                );
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
