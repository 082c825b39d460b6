using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.Tests.Agent;

public sealed class SpoolTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 9, 0);

    private readonly TestFolder _folder = new();

    [Fact]
    public void What_a_kill_left_unfinished_is_no_scan_and_is_removed_at_the_next_start()
    {
        var spool = new SpoolFolder(_folder.Path);
        var kept = Scan(spool);
        LeaveUnfinished(spool);
        LeaveHalfRemoved(spool);

        var next = new SpoolFolder(_folder.Path);
        Assert.Equal([kept.Name], next.Waiting().Select(e => e.Name));
        next.RemoveLeftovers();

        Assert.Equal([kept.Name], next.Waiting().Select(e => e.Name));
        Assert.Equal(
            [kept.Name, "refused"],
            Directory.GetDirectories(_folder["spool"]).Select(Path.GetFileName).Order()
        );
        Assert.Equal(1UL, next.Waiting()[0].Open.OccurrenceCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_scan_that_a_kill_met_while_it_was_replaced_is_the_new_one_at_the_next_start(bool oldIsThere)
    {
        var spool = new SpoolFolder(_folder.Path);
        var remade = Scan(spool);
        Directory.Move(remade.Folder, Path.Combine(_folder["spool"], ".remade-" + remade.Name));
        if (oldIsThere)
        {
            Directory.CreateDirectory(remade.Folder);
        }

        spool.RemoveLeftovers();

        Assert.Equal([remade.Name], spool.Waiting().Select(e => e.Name));
        Assert.Equal(1UL, spool.Waiting()[0].Open.OccurrenceCount);
        Assert.Equal(2, Directory.GetDirectories(_folder["spool"]).Length);
    }

    [Fact]
    public void A_refused_scan_is_kept_with_its_reason_and_never_pushed_again()
    {
        var spool = new SpoolFolder(_folder.Path);
        var refused = spool.Refuse(Scan(spool), "SCAN_OUT_OF_SCOPE");

        spool.RemoveLeftovers();

        Assert.Empty(spool.Waiting());
        Assert.Equal("SCAN_OUT_OF_SCOPE\n", File.ReadAllText(Path.Combine(refused, "reason.txt")));
    }

    public void Dispose() => _folder.Dispose();

    private static SpoolEntry Scan(SpoolFolder spool)
    {
        using var writer = Begin(spool);
        return writer.Commit(complete: true, wholeSite: true, []);
    }

    /// <summary>A kill while the report is read: nothing is disposed.</summary>
    private static void LeaveUnfinished(SpoolFolder spool)
    {
        var folder = spool.Begin(Guid.CreateVersion7());
        File.WriteAllText(Path.Combine(folder, "raw"), "half of it");
    }

    /// <summary>A kill between the rename of a completed scan and the end of its deletion.</summary>
    private void LeaveHalfRemoved(SpoolFolder spool)
    {
        var entry = Scan(spool);
        Directory.Move(entry.Folder, Path.Combine(_folder["spool"], ".done-" + entry.Name));
    }

    private static SpoolWriter Begin(SpoolFolder spool)
    {
        var site = Guid.CreateVersion7();
        var writer = new SpoolWriter(
            spool,
            new ScanFacts(Guid.CreateVersion7(), site, "zap", "2.16", "1", Now, Now + Duration.FromMinutes(1))
        );
        writer.AddFinding(new FindingBody { Check = "zap:1" });
        var finding = ContentIds.Finding(site, "zap:1");
        writer.AddOccurrence(finding, ContentIds.Occurrence(finding, "place"), "place", default);
        return writer;
    }
}
