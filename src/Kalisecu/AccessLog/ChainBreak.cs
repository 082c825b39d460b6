namespace Kalisecu.AccessLog;

/// <summary>What is wrong in a chain.</summary>
internal enum ChainBreakKind
{
    /// <summary>The entry is not there.</summary>
    Removed,

    /// <summary>Its columns do not give its digest.</summary>
    Changed,

    /// <summary>It does not follow the entry before it.</summary>
    Reordered,
}

/// <summary>The first entry of a chain that does not fit.</summary>
internal sealed record ChainBreak(Guid WriterId, long Sequence, ChainBreakKind Kind);

/// <summary>What a verification found.</summary>
internal sealed record AccessLogFindings(int WriterCount, long EntryCount, IReadOnlyList<ChainBreak> Breaks);
