using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>
/// Opens a sample of every sealed column of a restored database with the restored keys. Every column of bytes is one that is
/// no hash and no digest: a new kind is in the sample without anybody remembering it.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "Names of tables and columns come from PostgreSQL's catalogue")]
internal sealed class SealedSample(NpgsqlConnection superuser, KeyFolder folder, KeyRing keys)
{
    private const int Rows = 50;

    private const string Columns = """
        select c.relname::text, a.attname::text,
            (select coalesce(array_agg(u.attname::text), '{}') from pg_attribute u
                where u.attrelid = c.oid and u.atttypid = 'uuid'::regtype and u.attname <> 'tenant_id' and not u.attisdropped),
            exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.atttypid = 'bytea'::regtype and not a.attisdropped and a.attname !~ '(^|_)(hash|digest)(_|$)'
        order by 1, 2
        """;

    // Whose data there is; each needs its key, or the mark that it was destroyed.
    private const string Tenants = "select tenant_id from tenants order by 1";

    private readonly HashSet<string> _present = new(folder.Names(), StringComparer.Ordinal);

    public async Task RunAsync(TrialResult result, CancellationToken cancellationToken)
    {
        OpenKeys(result);
        var (columns, opened) = (await ReadColumnsAsync(cancellationToken), 0L);
        var kinds = 0;
        foreach (var column in columns)
        {
            var (good, bad, missing) = await OpenAsync(column, cancellationToken);
            opened += good;
            kinds += good > 0 ? 1 : 0;
            if (bad > 0)
            {
                result.Fail(
                    $"{bad} of {good + bad} sampled values of {column.Table}.{column.Name} do not open with the restored keys."
                );
            }

            if (missing > 0)
            {
                result.Fail($"{missing} sampled values of {column.Table}.{column.Name} have no key among the copies.");
            }
        }

        result.Count("sealed_values_opened", opened);
        result.Count("sealed_kinds", kinds);
        await NeedKeysAsync(result, cancellationToken);
    }

    private void OpenKeys(TrialResult result)
    {
        foreach (var name in _present)
        {
            try
            {
                folder.Opens(name);
            }
            catch (CryptographicException)
            {
                result.Fail($"The copy of the key {name} does not open.");
            }
        }

        result.Count("keys_opened", _present.Count);
    }

    /// <summary>A client whose key is neither there nor destroyed, though something of it was sealed.</summary>
    private async Task NeedKeysAsync(TrialResult result, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Tenants, superuser);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (with, destroyed) = (0, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetGuid(0).ToString("D");
            with += _present.Contains(name) ? 1 : 0;
            destroyed += folder.IsDestroyed(name) ? 1 : 0;
        }

        result.Count("clients_with_key", with);
        result.Count("clients_with_destroyed_key", destroyed);
    }

    private async Task<(long Good, long Bad, long Missing)> OpenAsync(
        SealedColumn column,
        CancellationToken cancellationToken
    )
    {
        var tenant = column.IsOfTenants ? "tenant_id" : $"'{TenantScope.Platform:D}'::uuid";
        var owners = column.Owners.Length == 0 ? "'{}'::uuid[]" : $"array[{string.Join(", ", column.Owners)}]";
        await using var command = new NpgsqlCommand(
            $"""
            select {tenant}, {owners}, {column.Name} from {column.Table}
            where octet_length({column.Name}) > 0 order by random() limit {Rows}
            """,
            superuser
        )
        {
            CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (good, bad, missing) = (0L, 0L, 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            var owners2 = (await reader.GetFieldValueAsync<Guid?[]>(1, cancellationToken)).OfType<Guid>();
            var value = await reader.GetFieldValueAsync<byte[]>(2, cancellationToken);
            switch (Open(reader.GetGuid(0), column, [.. owners2, Guid.Empty], value))
            {
                case true:
                    good++;
                    break;
                case false:
                    bad++;
                    break;
                case null:
                    missing++;
                    break;
            }
        }

        return (good, bad, missing);
    }

    /// <summary>Null when there is no key to try; a destroyed one is as it should be.</summary>
    private bool? Open(Guid tenant, SealedColumn column, IReadOnlyList<Guid> owners, byte[] value)
    {
        var name = tenant == TenantScope.Platform ? "platform" : tenant.ToString("D");
        if (folder.IsDestroyed(name))
        {
            return true;
        }

        // Rows of some persons stand under a tenant and are sealed for the platform.
        var tried = new[] { (name, tenant), ("platform", TenantScope.Platform) }
            .Where(k => _present.Contains(k.Item1))
            .Distinct()
            .ToList();
        return tried.Count == 0
            ? null
            : tried.Exists(k => owners.Any(owner => column.Seals.Any(seal => Opens(k.Item2, value, seal, owner))));
    }

    private bool Opens(Guid keyOwner, byte[] value, string seal, Guid owner)
    {
        try
        {
            keys.For(keyOwner).Decrypt(value, seal, owner);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or Refusal)
        {
            return false;
        }
    }

    private async Task<List<SealedColumn>> ReadColumnsAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Columns, superuser);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<SealedColumn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(
                new SealedColumn(
                    reader.GetString(0),
                    reader.GetString(1),
                    await reader.GetFieldValueAsync<string[]>(2, cancellationToken),
                    reader.GetBoolean(3)
                )
            );
        }

        return found;
    }

    private sealed record SealedColumn(string Table, string Name, string[] Owners, bool IsOfTenants)
    {
        /// <summary>What a value may be bound to: by rule its column's name; these are all the exceptions there are.</summary>
        public IReadOnlyList<string> Seals { get; } =
        [
            Name,
            $"{Table}.{Name}",
            .. Table is "authorisation_signers" ? [$"signer_{Name}"] : Array.Empty<string>(),
            .. Table is "credentials" ? ["credentials.totp_secret"] : Array.Empty<string>(),
            .. Table is "request_receipts" ? ["receipt"] : Array.Empty<string>(),
        ];
    }
}
