using Kalisecu.Compliance;
using NodaTime;
using Npgsql;

namespace Kalisecu.Persistence;

/// <summary>Clause SEC-1: what goes to the database stays on this machine or goes through TLS, as the open link itself says.</summary>
internal sealed class DatabaseLinkCheck(NpgsqlDataSource source) : IClauseCheck
{
    // A column of pg_stat_ssl; null address: a Unix socket.
    private const string Link = """
        select inet_server_addr() is null, coalesce(s.ssl, false), coalesce(s.version, '')
        from (select pg_backend_pid() as pid) own left join pg_stat_ssl s using (pid)
        """;

    public string ClauseId => "SEC-1";

    public string Name => "database-link";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Link);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (isSocket, isTls, version) = (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetString(2));
        if (isSocket)
        {
            return ClauseFinding.Holds("The database is reached over a Unix socket of this machine.");
        }

        return isTls && version is "TLSv1.2" or "TLSv1.3"
            ? ClauseFinding.Holds($"The link to the database is encrypted with {version}.")
            : ClauseFinding.Broken($"The link to the database is not encrypted ({(isTls ? version : "no TLS")}).");
    }
}
