using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kalisecu.TestKit;

/// <summary>Keeps what a server under test logs, so that an error nobody announced fails the test.</summary>
internal sealed class LogKeeper : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly ConcurrentBag<int> _announced = [];

    public IReadOnlyCollection<LogLine> Lines => _lines;

    /// <summary>Says that errors with this event number belong to the test.</summary>
    public void Announce(int eventId) => _announced.Add(eventId);

    public IReadOnlyList<LogLine> Unannounced() =>
        [.. _lines.Where(l => l.Level >= LogLevel.Error && !_announced.Contains(l.EventId))];

    public ILogger CreateLogger(string categoryName) => new Keeper(this, categoryName);

    public void Dispose() { }

    internal sealed record LogLine(LogLevel Level, int EventId, string Category, string Text);

    private sealed class Keeper(LogKeeper keeper, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                keeper._lines.Enqueue(
                    new LogLine(logLevel, eventId.Id, category, formatter(state, exception) + " " + exception)
                );
            }
        }
    }
}
