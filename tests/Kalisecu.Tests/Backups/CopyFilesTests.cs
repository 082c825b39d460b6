using Kalisecu.Backups;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using NodaTime;
using NodaTime.Testing;

namespace Kalisecu.Tests.Backups;

public sealed class CopyFilesTests : IDisposable
{
    private static readonly LocalDate FoundGone = new(2026, 7, 1);

    // Half past midnight in Paris, where it is still June in UTC.
    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 6, 30, 22, 30));
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_whose_original_is_gone_stays_for_its_days_in_France()
    {
        var original = Path.Combine(_folder["objects"], "a-client", "an-object");
        Directory.CreateDirectory(Path.GetDirectoryName(original)!);
        await File.WriteAllTextAsync(original, "sealed", Cancel);
        await CopyAsync();

        File.Delete(original);
        var gone = await CopyAsync();
        _clock.Reset(AtStartOf(FoundGone.PlusDays(BackupSchedule.GoneAfterDays)) - Duration.FromSeconds(1));
        var lastMoment = await CopyAsync();
        _clock.AdvanceSeconds(1);
        var over = await CopyAsync();

        Assert.Equal(FoundGone, Assert.Single(gone.Files).Value.Gone);
        Assert.Equal(FoundGone, Assert.Single(lastMoment.Files).Value.Gone);
        Assert.Empty(over.Files);
        Assert.False(File.Exists(Path.Combine(_folder["copies"], "objects", "a-client", "an-object")));
    }

    private static Instant AtStartOf(LocalDate day) =>
        day.AtStartOfDayInZone(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToInstant();

    private async Task<CopyList> CopyAsync()
    {
        var settings = new WorkerSettings
        {
            Objects = { Folder = _folder["objects"] },
            Keys = { Folder = _folder["keys"] },
            Erasures = { JournalFolder = _folder["journal"] },
        };
        var options = new BackupOptions { CopyFolder = _folder["copies"] };
        await new CopyFiles(settings, options, _clock).RunAsync(Cancel);
        return CopyList.Read(_folder["copies"]);
    }
}
