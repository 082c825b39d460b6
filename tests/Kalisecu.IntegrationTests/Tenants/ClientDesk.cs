using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Tenants;

/// <summary>What staff does for a client, through the real server.</summary>
internal sealed class ClientDesk(TestServer server)
{
    private static int made;

    public TenantService.TenantServiceClient Operator { get; } = new(server.Channel(SpiffeKind.Operator, "jeanne"));

    public TenantService.TenantServiceClient Tenants { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    public MemberService.MemberServiceClient Members { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    public SiteService.SiteServiceClient Sites { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    public AuthorisationService.AuthorisationServiceClient Authorisations { get; } =
        new(server.Channel(SpiffeKind.Frontend, "desk"));

    public static byte[] Pdf(int size) => [.. "%PDF-1.7\n"u8, .. new byte[size], .. "\n%%EOF\n"u8];

    public static string Next() => $"{Interlocked.Increment(ref made)}";

    public async Task<(Guid Tenant, Metadata Analyst)> ClientAsync()
    {
        var tenant = await server.Given.TenantAsync();
        return (tenant, await server.Given.SignedInAsync(Role.StaffAnalyst, tenant));
    }

    public async Task<Site> SiteAsync(Metadata analyst)
    {
        var request = new CreateSiteRequest { DisplayName = "The shop", Url = $"https://shop-{Next()}.example.fr/" };
        return (await Sites.CreateSiteAsync(request, analyst)).Site;
    }

    public AuthorisationHeader Header(string siteId) =>
        new()
        {
            SiteId = siteId,
            SignerName = "Camille Martin",
            SignerEmail = "camille.martin@client.example",
            SignerFunction = "CTO",
            EndTime = Timestamp.FromDateTimeOffset(
                (server.Clock.GetCurrentInstant() + NodaTime.Duration.FromDays(90)).ToDateTimeOffset()
            ),
        };

    public async Task<Authorisation> UploadAsync(AuthorisationHeader header, byte[] document, Metadata analyst)
    {
        using var call = Authorisations.CreateAuthorisation(analyst);
        try
        {
            await call.RequestStream.WriteAsync(new CreateAuthorisationRequest { Header = header });
            foreach (var chunk in document.Chunk(64 * 1024))
            {
                await call.RequestStream.WriteAsync(
                    new CreateAuthorisationRequest { Chunk = ByteString.CopyFrom(chunk) }
                );
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The server may refuse before it has read everything; its answer says why.
        }

        return (await call.ResponseAsync).Authorisation;
    }

    public async Task<byte[]> DownloadAsync(string authorisationId, Metadata analyst)
    {
        using var call = Authorisations.DownloadAuthorisationDocument(
            new DownloadAuthorisationDocumentRequest { AuthorisationId = authorisationId },
            analyst
        );
        var read = new List<byte>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            read.AddRange(call.ResponseStream.Current.Chunk);
        }

        return [.. read];
    }
}
