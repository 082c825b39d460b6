using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kalisecu.Tenancy;

namespace Kalisecu.Keys;

/// <summary>
/// The data keys: one a tenant, one for persons without a tenant, and one for keyed hashes. They are kept wrapped by the
/// key-encryption key, outside the database and its backups: destroying a tenant's key ends its data everywhere.
/// </summary>
internal sealed class KeyRing(KeyFolder folder) : IDisposable
{
    private const string PlatformName = "platform";
    private const string LookupName = "lookup";

    private readonly ConcurrentDictionary<string, DataKey> _keys = new(StringComparer.Ordinal);
    private byte[]? _lookup;

    /// <summary>
    /// The key of the owner that stands in a row's tenant column: a tenant, or <see cref="TenantScope.Platform"/>. Made at
    /// first use.
    /// </summary>
    public DataKey For(Guid owner) => Get(NameOf(owner));

    /// <summary>Finds without revealing: the same text gives the same hash, and nobody without the key can try texts.</summary>
    public byte[] Hash(string what, string text)
    {
        _lookup ??= folder.ReadOrCreate(LookupName);
        return HMACSHA256.HashData(_lookup, Encoding.UTF8.GetBytes(what + '\0' + text));
    }

    /// <summary>An e-mail address as look-ups compare it: white space trimmed, letters lower-cased.</summary>
    public byte[] HashEmail(string email) => Hash("email", email.Trim().ToLowerInvariant());

    /// <summary>Makes everything that was sealed for this tenant unreadable, in every copy and backup.</summary>
    public void Destroy(Guid tenantId)
    {
        if (tenantId == TenantScope.Platform)
        {
            throw new ArgumentException("The platform's key is nobody's to destroy.", nameof(tenantId));
        }

        var name = NameOf(tenantId);
        folder.Destroy(name);
        if (_keys.TryRemove(name, out var key))
        {
            key.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }

        _keys.Clear();
    }

    private static string NameOf(Guid owner) =>
        owner == TenantScope.Platform ? PlatformName
        : owner == Guid.Empty ? throw new ArgumentException("The empty identifier owns no key.", nameof(owner))
        : owner.ToString("D");

    private DataKey Get(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            return _keys.GetOrAdd(name, static (n, f) => new DataKey(f.ReadOrCreate(n)), folder);
        }

        // Another process may have destroyed it: what this one remembers must not outlive that.
        folder.RefuseDestroyed(name);
        return key;
    }
}
