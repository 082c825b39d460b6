namespace Kalisecu.Compliance;

/// <summary>Asks the residency guard before every request of an HTTP client, redirections followed by hand included.</summary>
internal sealed class ResidencyHandler(ResidencyGuard guard) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.RequestUri is { IsAbsoluteUri: true } address)
        {
            await guard.RequireListedAsync(address, cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
