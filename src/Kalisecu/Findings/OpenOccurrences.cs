using System.Buffers.Binary;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

/// <summary>
/// What is open of a site and tool, in canonical order, read once and index-only. It comes in pages, the next one while this
/// one is merged: no connection is held while an agent thinks. Rows stay bytes until they are looked at.
/// </summary>
internal sealed class OpenOccurrences(TenantDatabase database, PushTarget target) : IAsyncDisposable
{
    // COPY BINARY: 11 bytes signature, 4 flags, 4 extension length; a row of two uuids is 2 + 2 * (4 + 16).
    private const int HeaderSize = 19;
    private const int RowSize = 42;

    // What fills a buffer of 1 MB: the pool's sizes are powers of two.
    private const int BufferSize = 1024 * 1024;
    private const int PageSize = (BufferSize - HeaderSize - sizeof(short)) / RowSize;

    private byte[]? _page;
    private int _end;
    private int _at;
    private Task<(byte[] Buffer, int End)>? _next;
    private bool _atEnd;

    /// <summary>Whether <see cref="Current"/> is there without waiting.</summary>
    public bool HasCurrent => _at < _end;

    public OccurrenceKey Current => Key(_at);

    public void Advance() => _at += RowSize;

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

        var reading = _next ?? ReadAsync(null, cancellationToken);
        _next = null;
        var (page, end) = await reading;
        GiveBack();
        (_page, _end, _at) = (page, end, HeaderSize);
        _atEnd = end < HeaderSize + PageSize * RowSize;
        _next = _atEnd ? null : ReadAsync(Key(end - RowSize), cancellationToken);
        return HasCurrent;
    }

    public async ValueTask DisposeAsync()
    {
        GiveBack();
        if (_next is { } reading)
        {
            _next = null;
            await reading.ContinueWith(
                static t =>
                {
                    if (t.Exception is null && !t.IsCanceled)
                    {
                        PushBuffers.Return(t.Result.Buffer);
                    }
                },
                TaskScheduler.Default
            );
        }
    }

    private void GiveBack()
    {
        if (_page is { } page)
        {
            (_page, _at, _end) = (null, 0, 0);
            PushBuffers.Return(page);
        }
    }

    private OccurrenceKey Key(int at) => OccurrenceKey.Read(_page.AsSpan(at + 6, 16), _page.AsSpan(at + 26, 16));

    private async Task<(byte[] Buffer, int End)> ReadAsync(OccurrenceKey? after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(target.TenantId, cancellationToken);
        var buffer = PushBuffers.Rent(BufferSize);
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
            return (buffer, EndOfRows(buffer.AsSpan(0, length)));
        }
        catch
        {
            PushBuffers.Return(buffer);
            throw;
        }
    }

    /// <summary>Where the rows end: at the marker that says so.</summary>
    private static int EndOfRows(ReadOnlySpan<byte> data)
    {
        var end = data.Length - sizeof(short);
        return
            end >= HeaderSize
            && (end - HeaderSize) % RowSize == 0
            && BinaryPrimitives.ReadInt16BigEndian(data[end..]) == -1
            ? end
            : throw new InvalidDataException("A page of open occurrences ended before PostgreSQL said so.");
    }
}
