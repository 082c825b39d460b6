namespace Kalisecu.Agent.Spool;

/// <summary>
/// Scans that wait for the server, one folder each, named by scan. A folder appears whole, by one rename after all its files
/// are on disk, and goes by one rename: a kill at any moment leaves nothing half-made that is taken for a scan.
/// </summary>
internal sealed class SpoolFolder
{
    private const string Unfinished = ".unfinished-";
    private const string Done = ".done-";
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

    /// <summary>Removes what a killed agent left unfinished. Only one agent uses a state folder.</summary>
    public void RemoveLeftovers()
    {
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

    public SpoolEntry Commit(string unfinished, Guid scanId)
    {
        var folder = Path.Combine(_path, scanId.ToString("D"));
        Durable.FlushFolder(unfinished);
        Directory.Move(unfinished, folder);
        Durable.FlushFolder(_path);
        return new SpoolEntry(folder);
    }

    public void Remove(SpoolEntry entry)
    {
        var done = Path.Combine(_path, Done + entry.Name);
        Directory.Move(entry.Folder, done);
        Directory.Delete(done, recursive: true);
    }

    /// <summary>Keeps a scan that the server will never take, with the reason, for a person to look at.</summary>
    public string Refuse(SpoolEntry entry, string reason)
    {
        File.WriteAllText(Path.Combine(entry.Folder, ReasonFile), reason + "\n");
        var refused = Path.Combine(RefusedPath, entry.Name);
        Directory.Move(entry.Folder, refused);
        Durable.FlushFolder(_path);
        return refused;
    }
}
