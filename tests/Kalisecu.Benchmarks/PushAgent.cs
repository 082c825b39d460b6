using System.Diagnostics;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agent.Push;
using Kalisecu.TestKit;

namespace Kalisecu.Benchmarks;

/// <summary>The agent's own code in this process. Reports are read and spooled before the clock runs.</summary>
internal sealed class PushAgent : IDisposable
{
    private readonly MachineSite _site;
    private readonly AgentChannel _channel;

    private PushAgent(MachineSite site, AgentChannel channel) => (_site, _channel) = (site, channel);

    public static async Task<PushAgent> OfAsync(TestMachine machine, CancellationToken cancellationToken)
    {
        var site = await MachineSite.OfAsync(machine, cancellationToken);
        return new PushAgent(site, await AgentChannel.OpenAsync(site.State, cancellationToken));
    }

    public void Spool(IEnumerable<int> places) => _site.Scan(places);

    /// <summary>Seconds from the lease to the completed scan that has left the spool.</summary>
    public async Task<double> PushAsync(IEnumerable<int> places, CancellationToken cancellationToken)
    {
        Spool(places);
        var watch = Stopwatch.StartNew();
        await PushSpooledAsync(cancellationToken);
        return watch.Elapsed.TotalSeconds;
    }

    public async Task PushSpooledAsync(CancellationToken cancellationToken)
    {
        var pusher = new Pusher(_channel.Channel.CreateCallInvoker(), _site.Spool)
        {
            // A benchmark that was broken and repaired would measure both.
            Waiting = (reason, _) => throw new InvalidOperationException($"The push broke: {reason}"),
        };
        foreach (var entry in _site.Spool.Waiting())
        {
            var outcome = await pusher.PushAsync(entry, null, cancellationToken);
            if (outcome.Counts is null)
            {
                throw new InvalidOperationException($"The push was refused: {outcome.Refusal}");
            }
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _site.Dispose();
    }
}
