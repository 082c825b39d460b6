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

    [Fact]
    public async Task A_key_that_is_lost_keeps_its_copy_and_one_that_was_destroyed_loses_it()
    {
        Directory.CreateDirectory(_folder["keys"]);
        var (lost, destroyed) = (Path.Combine(_folder["keys"], "a.key"), Path.Combine(_folder["keys"], "b.key"));
        await File.WriteAllTextAsync(lost, "wrapped", Cancel);
        await File.WriteAllTextAsync(destroyed, "wrapped", Cancel);
        await CopyAsync();

        File.Delete(lost);
        File.Move(destroyed, Path.ChangeExtension(destroyed, ".destroyed"));
        await CopyAsync();

        Assert.True(File.Exists(Path.Combine(_folder["copies"], "keys", "a.key")));
        Assert.False(File.Exists(Path.Combine(_folder["copies"], "keys", "b.key")));
    }

    [Fact]
    public async Task A_folder_that_is_away_ends_the_copying_and_no_copy_goes()
    {
        Directory.CreateDirectory(_folder["keys"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["keys"], "a.key"), "wrapped", Cancel);
        await CopyAsync();

        Directory.Delete(_folder["keys"], recursive: true);

        var failed = await Assert.ThrowsAsync<BackupFailed>(CopyAsync);
        Assert.Contains("mount or restore it", failed.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["copies"], "keys", "a.key")));
    }

    private static Instant AtStartOf(LocalDate day) =>
        day.AtStartOfDayInZone(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToInstant();

    private async Task<CopyList> CopyAsync()
    {
        var settings = new WorkerSettings
        {
            Objects = { Folder = _folder["objects"] },
            Keys = { Folder = _folder["keys"], KeyEncryptionKeyFile = _folder["kek.key"] },
            Erasures = { JournalFolder = _folder["journal"] },
        };
        var options = new BackupOptions { CopyFolder = _folder["copies"], PassphraseFile = _folder["passphrase"] };
        await new CopyFiles(settings, options, _clock).RunAsync(Cancel);
        return CopyList.Read(_folder["copies"]);
    }
}
