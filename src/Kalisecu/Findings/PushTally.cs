using System.Runtime.InteropServices;

namespace Kalisecu.Findings;

/// <summary>What a push changes, for each finding of its tool.</summary>
internal sealed class PushTally
{
    private readonly Dictionary<UInt128, Entry> _findings = [];

    public ulong Opened { get; private set; }

    public ulong Closed { get; private set; }

    public IReadOnlyDictionary<UInt128, Entry> Findings => _findings;

    public ulong OpenTotal => _findings.Values.Aggregate(0UL, (sum, e) => sum + (ulong)e.Open);

    public static PushTally Of(PushTally other)
    {
        var tally = new PushTally { Opened = other.Opened, Closed = other.Closed };
        foreach (var (finding, entry) in other._findings)
        {
            tally._findings.Add(finding, entry);
        }

        return tally;
    }

    public void Know(UInt128 finding) => Of(finding);

    /// <summary>One that was open before and stays so, for now.</summary>
    public void AddUnchanged(UInt128 finding) => Of(finding).Open++;

    public void AddOpened(UInt128 finding, int count)
    {
        ref var entry = ref Of(finding);
        entry.Open += count;
        entry.Opened += count;
        Opened += (ulong)count;
    }

    /// <summary>Opened by an earlier stream of this scan: open at the start, and yet new.</summary>
    public void AddOpenedBefore(UInt128 finding, long count)
    {
        Of(finding).Opened += count;
        Opened += (ulong)count;
    }

    public void AddClosed(UInt128 finding)
    {
        ref var entry = ref Of(finding);
        entry.Open--;
        entry.Closed++;
        Closed++;
    }

    private ref Entry Of(UInt128 finding) => ref CollectionsMarshal.GetValueRefOrAddDefault(_findings, finding, out _);

    [StructLayout(LayoutKind.Auto)]
    internal struct Entry
    {
        public long Open;
        public long Opened;
        public long Closed;
    }
}
