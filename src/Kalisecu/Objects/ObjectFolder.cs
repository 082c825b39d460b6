using System.Security.Cryptography;
using Kalisecu.Keys;
using NodaTime;

namespace Kalisecu.Objects;

/// <summary>
/// Documents of tenants as encrypted files, <c>TENANT/DIGEST</c>: one folder a tenant, so that all of it can go at once, and
/// the digest of the content as name, so that the same document is kept once.
/// </summary>
internal sealed class ObjectFolder(KeyRing keys, string root)
{
    private const string Pending = ".pending-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // No upload lasts this long; another process on the same folder may be in the middle of a younger one.
    private static readonly Duration AbandonedAfter = Duration.FromDays(1);

    /// <summary>Stores what the stream holds; refuses DOCUMENT_TOO_LARGE beyond <paramref name="maxBytes"/>.</summary>
    public async Task<StoredObject> WriteAsync(
        Guid tenantId,
        Stream content,
        long maxBytes,
        CancellationToken cancellationToken
    )
    {
        await using var pending = await PrepareAsync(
            tenantId,
            destination => content.CopyToAsync(destination, ObjectFormat.ChunkSize, cancellationToken),
            maxBytes,
            cancellationToken
        );
        return pending.Publish();
    }

    /// <summary>
    /// Writes an object durably without showing it: <see cref="PendingObject.Publish"/> does that, in the moment in which the
    /// row that names it is written. Disposed unpublished, nothing is left of it.
    /// </summary>
    public async Task<PendingObject> PrepareAsync(
        Guid tenantId,
        Func<Stream, Task> write,
        long maxBytes,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.Combine(root, tenantId.ToString("D"));
        Directory.CreateDirectory(folder, OwnerOnly);
        var path = Path.Combine(folder, Pending + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        try
        {
            await using var writer = new ObjectWriter(CreateFile(path), keys.For(tenantId), maxBytes);
            await write(writer);
            var stored = await writer.CompleteAsync(cancellationToken);
            return new PendingObject(path, Path.Combine(folder, stored.Name), stored);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Streams an object in clear. Refuses OBJECT_DAMAGED as soon as something does not fit, at the latest at its end.</summary>
    public async Task ReadAsync(Guid tenantId, string name, Stream destination, CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, tenantId.ToString("D"), Path.GetFileName(name));
        if (!File.Exists(path))
        {
            throw ObjectErrors.Damaged(name);
        }

        var key = keys.For(tenantId);
        await using var file = new FileStream(
            path,
            new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan }
        );
        var reader = new ObjectReader(file, key);
        if (!await reader.CopyToAsync(destination, name, cancellationToken))
        {
            throw ObjectErrors.Damaged(name);
        }
    }

    /// <summary>Removes what uploads left that were cut short with their process.</summary>
    public void RemoveAbandoned(Instant now)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        var before = (now - AbandonedAfter).ToDateTimeUtc();
        foreach (var path in Directory.EnumerateFiles(root, Pending + "*", SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(path) < before)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Removes one object. A repeat changes nothing.</summary>
    public void Remove(Guid tenantId, string name)
    {
        var path = Path.Combine(root, tenantId.ToString("D"), Path.GetFileName(name));
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes everything of a tenant.</summary>
    public void RemoveAll(Guid tenantId)
    {
        var folder = Path.Combine(root, tenantId.ToString("D"));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FileStream CreateFile(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
}
