using System.Buffers;
using System.Buffers.Binary;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

/// <summary>
/// What is open of a site and tool, in canonical order, read once and index-only. It comes in pages, the next one while this
/// one is merged: no connection is held while an agent thinks.
/// </summary>
internal sealed class OpenOccurrences(TenantDatabase database, PushTarget target) : IAsyncDisposable
{
    private const int PageSize = 32_768;

    // COPY BINARY: 11 bytes signature, 4 flags, 4 extension length; a row of two uuids is 2 + 2 * (4 + 16).
    private const int HeaderSize = 19;
    private const int RowSize = 42;

    private OccurrenceKey[] _page = [];
    private int _count;
    private int _at;
    private Task<(OccurrenceKey[] Keys, int Count)>? _next;
    private bool _atEnd;

    /// <summary>Whether <see cref="Current"/> is there without waiting.</summary>
    public bool HasCurrent => _at < _count;

    public OccurrenceKey Current => _page[_at];

    public void Advance() => _at++;

    /// <summary>False when all was read.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (HasCurrent)
        {
            return true;
        }

        if (_atEnd)
        {
            return false;
        }

        (_page, _count) = await (_next ?? ReadAsync(null, cancellationToken));
        _at = 0;
        _atEnd = _count < PageSize;
        _next = _atEnd ? null : ReadAsync(_page[_count - 1], cancellationToken);
        return HasCurrent;
    }

    public async ValueTask DisposeAsync()
    {
        if (_next is { } reading)
        {
            _next = null;
            await reading.ContinueWith(static t => t.Exception, TaskScheduler.Default);
        }
    }

    private async Task<(OccurrenceKey[] Keys, int Count)> ReadAsync(
        OccurrenceKey? after,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(target.TenantId, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(HeaderSize + PageSize * RowSize + sizeof(short));
        try
        {
            int length;
            await using (
                var copy = await connection.Connection.BeginRawBinaryCopyAsync(
                    PushSql.OpenPage(target, after, PageSize),
                    cancellationToken
                )
            )
            {
                length = await copy.ReadAtLeastAsync(
                    buffer,
                    buffer.Length,
                    throwOnEndOfStream: false,
                    cancellationToken
                );
            }

            await connection.CommitAsync(cancellationToken);
            return Parse(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (OccurrenceKey[] Keys, int Count) Parse(ReadOnlySpan<byte> data)
    {
        var keys = new OccurrenceKey[Math.Max(0, data.Length - HeaderSize) / RowSize];
        var count = 0;
        for (var at = HeaderSize; BinaryPrimitives.ReadInt16BigEndian(data[at..]) > 0; at += RowSize)
        {
            keys[count++] = OccurrenceKey.Read(data.Slice(at + 6, 16), data.Slice(at + 26, 16));
        }

        return (keys, count);
    }
}
