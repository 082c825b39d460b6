namespace Kalisecu.Findings;

/// <summary>
/// What all pushes of this process share: connections, of which the rest of the pool stays for everything else, and memory.
/// </summary>
internal sealed class PushGate(PushMemory memory) : IDisposable
{
    // Half of the pool of 16: two lanes for each of four pushes, more than two cores can feed.
    private readonly SemaphoreSlim _lanes = new(8);

    public PushMemory Memory => memory;

    public Task EnterAsync(CancellationToken cancellationToken) => _lanes.WaitAsync(cancellationToken);

    public void Leave() => _lanes.Release();

    public void Dispose() => _lanes.Dispose();
}
