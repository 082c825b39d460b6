using Kalisecu.Certificates;
using Kalisecu.Consent;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>A server's settings with all the files they name.</summary>
internal static class TestSettings
{
    public static ServerSettings Write(TestFolder folder, TestAuthorities authorities, string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(database);
        File.WriteAllText(folder["password"], connection.Password);
        connection.Password = null;
        KeyFolder.CreateKeyEncryptionKey(folder["kek.key"]);
        var server = authorities.Issue(SpiffeKind.Server, "server");
        var (certificate, key) = TestAuthorities.Save(server, folder.Path, "server");
        authorities.Services.Save(folder["services-ca.crt"], folder["services-ca.key"]);
        authorities.Agents.Save(folder["agents-ca.crt"], folder["agents-ca.key"]);
        PemFiles.WriteSecret(folder["receipts.key"], ReceiptKeys.CreatePem());
        return new ServerSettings
        {
            Database = connection.ConnectionString,
            DatabasePasswordFile = folder["password"],
            TrustDomain = TestAuthorities.TrustDomain,
            Listen = { Port = 0, EnrolmentPort = 0 },
            Certificates =
            {
                ServicesAuthority = folder["services-ca.crt"],
                AgentsAuthority = folder["agents-ca.crt"],
                AgentsAuthorityKey = folder["agents-ca.key"],
                Server = certificate,
                ServerKey = key,
            },
            Keys = { Folder = folder["keys"], KeyEncryptionKeyFile = folder["kek.key"] },
            Receipts = { SigningKey = folder["receipts.key"] },
            Objects = { Folder = folder["objects"] },
            Erasures = { JournalFolder = folder["journal"] },
        };
    }
}
