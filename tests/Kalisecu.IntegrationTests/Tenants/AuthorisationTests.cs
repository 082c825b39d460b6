using Grpc.Core;
using Kalisecu.Errors.V1;
using Kalisecu.IntegrationTests.Findings;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Tenants;

public sealed class AuthorisationTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ClientDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_downloaded_as_it_was_uploaded()
    {
        var (_, analyst) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);
        var document = ClientDesk.Pdf(200_000);

        var recorded = await _desk.UploadAsync(_desk.Header(site.SiteId), document, analyst);

        Assert.Equal(AuthorisationState.InForce, recorded.State);
        Assert.Equal((ulong)document.Length, recorded.DocumentSizeBytes);
        Assert.Equal(document, await _desk.DownloadAsync(recorded.AuthorisationId, analyst));
    }

    [Fact]
    public async Task What_is_no_pdf_or_too_large_is_refused_and_leaves_nothing()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var header = _desk.Header((await _desk.SiteAsync(analyst)).SiteId);

        await Refused.WithAsync(ErrorReason.DocumentNotPdf, () => _desk.UploadAsync(header, new byte[1000], analyst));
        await Refused.WithAsync(
            ErrorReason.DocumentTooLarge,
            () => _desk.UploadAsync(header, ClientDesk.Pdf(20 * 1024 * 1024), analyst)
        );

        Assert.Empty(FilesOf(tenant));
        Assert.Equal(0L, await CountAsync(tenant));
    }

    [Fact]
    public async Task An_upload_repeated_with_its_request_id_is_recorded_once()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var header = _desk.Header((await _desk.SiteAsync(analyst)).SiteId);
        header.RequestId = Guid.CreateVersion7().ToString("D");

        var first = await _desk.UploadAsync(header, ClientDesk.Pdf(10), analyst);
        var again = await _desk.UploadAsync(header, ClientDesk.Pdf(10), analyst);

        Assert.Equal(first, again);
        Assert.Equal(1L, await CountAsync(tenant));
        await Refused.WithAsync(
            ErrorReason.RequestIdReused,
            () => _desk.UploadAsync(header, ClientDesk.Pdf(11), analyst)
        );
    }

    [Fact]
    public async Task An_authorisation_of_another_tenant_is_not_found()
    {
        var (_, analyst) = await _desk.ClientAsync();
        var (_, other) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);
        var recorded = await _desk.UploadAsync(_desk.Header(site.SiteId), ClientDesk.Pdf(10), analyst);
        var request = new GetAuthorisationRequest { AuthorisationId = recorded.AuthorisationId };

        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () => await _desk.Authorisations.GetAuthorisationAsync(request, other, cancellationToken: Cancel)
        );
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_neither_a_row_nor_a_document()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);
        var before = await UploadsAsync();
        using (var call = _desk.Authorisations.CreateAuthorisation(analyst, cancellationToken: Cancel))
        {
            await call.RequestStream.WriteAsync(new() { Header = _desk.Header(site.SiteId) }, Cancel);
            await call.RequestStream.WriteAsync(
                new() { Chunk = Google.Protobuf.ByteString.CopyFrom(ClientDesk.Pdf(50_000)) },
                Cancel
            );
        }

        // Its entry in the access log is the last that the server does with it.
        while (await UploadsAsync() == before)
        {
            await Task.Delay(20, Cancel);
        }

        Assert.Equal(0L, await CountAsync(tenant));
        Assert.Empty(FilesOf(tenant));
    }

    [Fact]
    public async Task Revoking_ends_the_running_scan_and_its_open_push()
    {
        using var site = await PushedSite.OfAsync(server);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [1])));
        await push.OpenAsync();

        await RevokeAsync(site, await AuthorisationOfAsync(site));

        await Refused.WithAsync(ErrorReason.AuthorisationNotInForce, push.HearAsync);
        Assert.Equal("Cancelled", await StateOfScanAsync(site));
    }

    [Fact]
    public async Task Revoking_one_of_several_origins_ends_the_scan_that_was_told_of_it()
    {
        using var site = await PushedSite.OfAsync(server);
        var second = await server.Given.AuthorisationAsync(site.Tenant, site.Site, "https://api.example.fr");
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [1])));
        await push.OpenAsync();

        await RevokeAsync(site, second);

        await Refused.WithAsync(ErrorReason.ScanFinished, push.HearAsync);
        Assert.Equal("Cancelled", await StateOfScanAsync(site));
    }

    [Fact]
    public async Task Revoking_what_another_authorisation_covers_too_ends_nothing()
    {
        using var site = await PushedSite.OfAsync(server);
        var first = await AuthorisationOfAsync(site);
        await server.Given.AuthorisationAsync(site.Tenant, site.Site, PushedSite.Origin);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [1])));
        await push.OpenAsync();

        await RevokeAsync(site, first);
        await push.SendAllAsync();

        Assert.Equal("Completed", await StateOfScanAsync(site));
        Assert.Equal(1L, await site.OpenCountAsync());
    }

    private static Task<Guid> AuthorisationOfAsync(PushedSite site) =>
        site.AskAsync<Guid>("select authorisation_id from authorisations where tenant_id = $1 and site_id = $2");

    private static Task<string> StateOfScanAsync(PushedSite site) =>
        site.AskAsync<string>("select state from scans where tenant_id = $1 and site_id = $2");

    private async Task RevokeAsync(PushedSite site, Guid authorisation) =>
        await _desk.Authorisations.RevokeAuthorisationAsync(
            new RevokeAuthorisationRequest
            {
                AuthorisationId = authorisation.ToString("D"),
                Reason = "The contract ended.",
            },
            await server.Given.SignedInAsync(Role.StaffAnalyst, site.Tenant),
            cancellationToken: Cancel
        );

    private Task<long> UploadsAsync() =>
        server.Given.AskAsync<long>("select count(*) from access_entries where method like '%/CreateAuthorisation'");

    private Task<long> CountAsync(Guid tenant) =>
        server.Given.AskAsync<long>("select count(*) from authorisations where tenant_id = $1", tenant);

    private string[] FilesOf(Guid tenant)
    {
        var folder = Path.Combine(server.Settings.Objects.Folder, tenant.ToString("D"));
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }
}
