using Npgsql;

namespace Kalisecu.Persistence;

/// <summary>What PostgreSQL says of itself: its catalogues, without a tenant, so that no row of one is in sight.</summary>
internal sealed class DatabaseCatalogue(NpgsqlDataSource source)
{
    /// <summary>Runs a named statement that answers one text a row.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <summary>Runs a named statement that answers one number.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
