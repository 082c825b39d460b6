namespace Kalisecu.Objects;

/// <summary>What an object is known by.</summary>
/// <param name="Name">the digest in hexadecimal; with the tenant, the object's address</param>
/// <param name="Digest">SHA-256 of the content in clear</param>
internal sealed record StoredObject(string Name, byte[] Digest, long SizeBytes);

/// <summary>An object that is durable but not yet to be found.</summary>
internal sealed class PendingObject(string path, string target, StoredObject stored) : IAsyncDisposable
{
    private bool _published;

    public StoredObject Object { get; } = stored;

    /// <summary>Shows the object under its name, whole. A repeat, as of a transaction that runs again, changes nothing.</summary>
    public StoredObject Publish()
    {
        if (!_published)
        {
            // In place of an earlier copy of the same content: it heals one that was damaged.
            File.Move(path, target, overwrite: true);
            DurableFolder.Flush(Path.GetDirectoryName(target)!);
            _published = true;
        }

        return Object;
    }

    public ValueTask DisposeAsync()
    {
        if (!_published)
        {
            File.Delete(path);
        }

        return ValueTask.CompletedTask;
    }
}
