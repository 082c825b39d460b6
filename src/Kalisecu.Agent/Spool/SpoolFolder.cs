namespace Kalisecu.Agent.Spool;

/// <summary>
/// Scans that wait for the server, one folder each, named by scan. A folder appears whole, by one rename after all its files
/// are on disk, and goes by one rename: a kill at any moment leaves nothing half-made that is taken for a scan.
/// </summary>
internal sealed class SpoolFolder
{
    private const string Unfinished = ".unfinished-";
    private const string Done = ".done-";
    private const string Remade = ".remade-";
    private const string ReasonFile = "reason.txt";

    private readonly string _path;

    public SpoolFolder(string stateFolder)
    {
        _path = Path.Combine(stateFolder, "spool");
        Directory.CreateDirectory(
            RefusedPath,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    private string RefusedPath => Path.Combine(_path, "refused");

    /// <summary>What waits, oldest first; scan ids are ordered by time.</summary>
    public IReadOnlyList<SpoolEntry> Waiting() =>
        [
            .. Directory
                .EnumerateDirectories(_path)
                .Where(d => Guid.TryParseExact(Path.GetFileName(d), "D", out _))
                .Order(StringComparer.Ordinal)
                .Select(d => new SpoolEntry(d)),
        ];

    /// <summary>Removes what a killed agent left unfinished, and ends what it was about to. Only one agent uses a state folder.</summary>
    public void RemoveLeftovers()
    {
        foreach (var remade in Directory.EnumerateDirectories(_path, Remade + "*"))
        {
            Replace(remade, Path.Combine(_path, Path.GetFileName(remade)[Remade.Length..]));
        }

        foreach (
            var leftover in Directory
                .EnumerateDirectories(_path, ".*")
                .Where(d =>
                    Path.GetFileName(d) is { } n
                    && (
                        n.StartsWith(Unfinished, StringComparison.Ordinal)
                        || n.StartsWith(Done, StringComparison.Ordinal)
                    )
                )
        )
        {
            Directory.Delete(leftover, recursive: true);
        }
    }

    public string Begin(Guid scanId)
    {
        var folder = Path.Combine(_path, $"{Unfinished}{scanId:D}");
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Makes the scan appear; one that waits under this id is replaced.</summary>
    public SpoolEntry Commit(string unfinished, Guid scanId)
    {
        var folder = Path.Combine(_path, scanId.ToString("D"));
        Durable.FlushFolder(unfinished);
        if (Directory.Exists(folder))
        {
            var remade = Path.Combine(_path, $"{Remade}{scanId:D}");
            Directory.Move(unfinished, remade);
            Replace(remade, folder);
        }
        else
        {
            Directory.Move(unfinished, folder);
            Durable.FlushFolder(_path);
        }

        return new SpoolEntry(folder);
    }

    public void Remove(SpoolEntry entry) => Remove(entry.Folder);

    /// <summary>Keeps a scan that the server will never take, with the reason, for a person to look at.</summary>
    public string Refuse(SpoolEntry entry, string reason)
    {
        File.WriteAllText(Path.Combine(entry.Folder, ReasonFile), reason + "\n");
        var refused = Path.Combine(RefusedPath, entry.Name);
        Directory.Move(entry.Folder, refused);
        Durable.FlushFolder(_path);
        return refused;
    }

    // Folders cannot be exchanged in one step: what was remade is on disk under its own name before the old one goes, and a
    // kill in between is made good at the next start.
    private void Replace(string remade, string folder)
    {
        Durable.FlushFolder(_path);
        if (Directory.Exists(folder))
        {
            Remove(folder);
        }

        Directory.Move(remade, folder);
        Durable.FlushFolder(_path);
    }

    private void Remove(string folder)
    {
        var done = Path.Combine(_path, Done + Path.GetFileName(folder));
        Directory.Move(folder, done);
        Directory.Delete(done, recursive: true);
    }
}
