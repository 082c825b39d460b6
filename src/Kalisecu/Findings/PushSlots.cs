using System.Runtime.InteropServices;
using Kalisecu.Hosting;

namespace Kalisecu.Findings;

/// <summary>
/// How many scans one agent pushes at once, and how many streams all agents have open. More scans of one agent wait for their
/// turn, and only those beyond are refused: one agent cannot fill the memory that all share, nor can many together.
/// </summary>
internal sealed class PushSlots(ServerSettings settings)
{
    // More than the scans that a machine with every tool of ours keeps while its server was away.
    public const int MaximumWaiting = 32;

    // Half of a lease: who waits longer would only be told that it has run out.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, Slots> _agents = [];
    private readonly Lock _lock = new();
    private int _streams;

    /// <summary>Ends when it is this stream's turn; disposing what it answers ends the turn.</summary>
    public async Task<IDisposable> EnterAsync(Guid agentId, CancellationToken cancellationToken)
    {
        var slots = Join(agentId);
        try
        {
            return await slots.Turns.WaitAsync(Patience, cancellationToken)
                ? new Turn(this, agentId, slots)
                : throw PushErrors.TooManyPushes();
        }
        catch
        {
            Leave(agentId, slots);
            throw;
        }
    }

    private Slots Join(Guid agentId)
    {
        lock (_lock)
        {
            if (_streams >= settings.Agents.PushStreams)
            {
                throw PushErrors.TooManyStreams();
            }

            ref var slots = ref CollectionsMarshal.GetValueRefOrAddDefault(_agents, agentId, out _);
            slots ??= new Slots(settings.Agents.PushesAtOnce);
            if (slots.Streams == settings.Agents.PushesAtOnce + MaximumWaiting)
            {
                throw PushErrors.TooManyPushes();
            }

            slots.Streams++;
            _streams++;
            return slots;
        }
    }

    private void Leave(Guid agentId, Slots slots)
    {
        lock (_lock)
        {
            _streams--;
            if (--slots.Streams == 0)
            {
                _agents.Remove(agentId);
                slots.Turns.Dispose();
            }
        }
    }

    private sealed class Slots(int atOnce)
    {
        public SemaphoreSlim Turns { get; } = new(atOnce);

        /// <summary>Those whose turn it is and those who wait.</summary>
        public int Streams { get; set; }
    }

    private sealed class Turn(PushSlots all, Guid agentId, Slots slots) : IDisposable
    {
        public void Dispose()
        {
            slots.Turns.Release();
            all.Leave(agentId, slots);
        }
    }
}
