using Kalisecu.Hosting;

namespace Kalisecu.Findings;

/// <summary>
/// How many bytes of occurrences all pushes of this process hold while they wait to be written. Where there is no room, a
/// stream is not read further until there is: its agent feels it, nobody is refused. First come, first served.
/// </summary>
internal sealed class PushMemory(ServerSettings settings)
{
    private readonly long _maximum = settings.Agents.PushMegabytes * 1024L * 1024;
    private readonly Queue<Waiter> _waiting = new();
    private readonly Lock _lock = new();
    private long _held;

    /// <summary>Bytes that are held now.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>Ends when there is room. What is larger than all there is fits when nothing else is held.</summary>
    public Task TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _held += bytes;
                return Task.CompletedTask;
            }

            var waiter = new Waiter(bytes, cancellationToken);
            _waiting.Enqueue(waiter);
            return waiter.Task;
        }
    }

    public void GiveBack(int bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            while (_waiting.TryPeek(out var next) && (next.Task.IsCompleted || Fits(next.Bytes)))
            {
                _waiting.Dequeue();
                if (next.TryEnter())
                {
                    _held += next.Bytes;
                }
            }
        }
    }

    private bool Fits(int bytes) => _held == 0 || _held + bytes <= _maximum;

    private sealed class Waiter
    {
        // Continuations must not run under the lock of everybody.
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenRegistration _gone;

        public Waiter(int bytes, CancellationToken cancellationToken)
        {
            Bytes = bytes;
            _gone = cancellationToken.Register(() => _entered.TrySetCanceled(cancellationToken));
        }

        public int Bytes { get; }

        public Task Task => _entered.Task;

        /// <summary>False when the stream that waited has gone.</summary>
        public bool TryEnter()
        {
            _gone.Unregister();
            return _entered.TrySetResult();
        }
    }
}
