// Implements: parse_vtp of geometry/surface_reader.h. The XML is read by expat; data that are
// appended raw are no XML, and reading stops where they begin.
#include <expat.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "geometry/surface_reader.h"
#include "geometry/vtk_array.h"

namespace thermodose {

namespace {

using Attributes = std::map<std::string, std::string>;

[[noreturn]] void fail(const std::string& message) { throw std::runtime_error(message); }

std::string get(const Attributes& attributes, const std::string& name,
                const std::string& otherwise = "") {
  const auto found = attributes.find(name);
  return found == attributes.end() ? otherwise : found->second;
}

/// A <DataArray> as it stands in the XML.
struct Element {
  std::string type, format;
  std::string offset;
  std::string text;
};

struct Piece {
  std::string points, polygons, strips;   ///< counts, as they are written
  std::map<std::string, Element> arrays;  ///< "Points/", "Polys/connectivity", ...
};

/// What the XML says, up to the appended data.
struct Document {
  VtkEncoding encoding;
  std::vector<Piece> pieces;
  bool is_polydata = false;
  std::string appended_encoding;
  std::size_t appended = std::string::npos;  ///< position of <AppendedData
};

/// Calls of expat. Exceptions must not pass through C: what is wrong is kept, and reading stops.
class Handler {
 public:
  explicit Handler(XML_Parser parser) : parser_(parser) {}

  void start(const std::string& name, const Attributes& attributes) {
    path_.push_back(name);
    if (path_.size() > kDeepest) return stop("it is nested too deeply");
    if (name == "VTKFile") return open(attributes);
    if (name == "Piece") {
      document.pieces.push_back({get(attributes, "NumberOfPoints"),
                                 get(attributes, "NumberOfPolys", "0"),
                                 get(attributes, "NumberOfStrips", "0"),
                                 {}});
    } else if (name == "AppendedData") {
      document.appended_encoding = get(attributes, "encoding", "base64");
      document.appended = std::size_t(XML_GetCurrentByteIndex(parser_));
      XML_StopParser(parser_, XML_FALSE);
    } else if (name == "DataArray" && !document.pieces.empty() && path_.size() > 1) {
      const std::string& parent = path_[path_.size() - 2];
      if (parent != "Points" && parent != "Polys" && parent != "Strips") return;
      const std::string key = parent + "/" + (parent == "Points" ? "" : get(attributes, "Name"));
      current_ = &document.pieces.back().arrays[key];
      *current_ = {get(attributes, "type"), get(attributes, "format", "ascii"),
                   get(attributes, "offset"), ""};
    }
  }
  void end() {
    if (!path_.empty() && path_.back() == "DataArray") current_ = nullptr;
    if (!path_.empty()) path_.pop_back();
  }
  void text(std::string_view part) {
    // Not that of a name or a range of values which may stand within the array.
    if (current_ != nullptr && path_.back() == "DataArray") current_->text += part;
  }

  Document document;
  std::string error;

 private:
  static constexpr std::size_t kDeepest = 32;

  void stop(const std::string& message) {
    if (error.empty()) error = message;
    XML_StopParser(parser_, XML_FALSE);
  }

  void open(const Attributes& attributes) {
    const std::string type = get(attributes, "type"), compressor = get(attributes, "compressor"),
                      header = get(attributes, "header_type", "UInt32");
    if (type != "PolyData") {
      return stop("it holds a VTK file of type " + text::quoted(type) + ", expected PolyData");
    }
    if (!compressor.empty() && compressor != "vtkZLibDataCompressor") {
      return stop("it is compressed by " + text::quoted(compressor) +
                  ", expected vtkZLibDataCompressor or no compression");
    }
    if (header != "UInt32" && header != "UInt64") {
      return stop("found header_type " + text::quoted(header) + ", expected UInt32 or UInt64");
    }
    document.is_polydata = true;
    document.encoding = {get(attributes, "byte_order", "LittleEndian") == "BigEndian",
                         header == "UInt64", !compressor.empty()};
  }

  XML_Parser parser_;
  std::vector<std::string> path_;
  Element* current_ = nullptr;
};

Handler& handler_of(void* data) { return *static_cast<Handler*>(data); }

void on_start(void* data, const XML_Char* name, const XML_Char** pairs) {
  Attributes attributes;
  for (; *pairs != nullptr; pairs += 2) attributes[pairs[0]] = pairs[1];
  handler_of(data).start(name, attributes);
}

void on_end(void* data, const XML_Char* /*name*/) { handler_of(data).end(); }

void on_text(void* data, const XML_Char* text, int length) {
  handler_of(data).text({text, std::size_t(length)});
}

Document parse_xml(const std::string& path, const std::string& bytes) {
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr),
                                                                       XML_ParserFree);
  Handler handler(parser.get());
  XML_SetUserData(parser.get(), &handler);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  constexpr std::size_t kChunk = std::size_t(1) << 24U;  // expat counts in int
  XML_Status status = XML_STATUS_OK;
  for (std::size_t at = 0; status == XML_STATUS_OK && at <= bytes.size(); at += kChunk) {
    const std::size_t size = std::min(kChunk, bytes.size() - at);
    status = XML_Parse(parser.get(), bytes.data() + at, int(size), int(at + size == bytes.size()));
    if (at + size == bytes.size()) break;
  }
  const int line = int(XML_GetCurrentLineNumber(parser.get()));
  if (!handler.error.empty()) throw InputError(Problem{path, line, "", handler.error});
  if (status != XML_STATUS_OK && handler.document.appended == std::string::npos) {
    throw InputError(
        Problem{path, line, "",
                fmt::format("it is no XML: {}", XML_ErrorString(XML_GetErrorCode(parser.get())))});
  }
  if (!handler.document.is_polydata) fail("it has no element VTKFile");
  return std::move(handler.document);
}

/// The appended data: what follows the first '_' after the tag.
std::string_view appended_data(const Document& document, const std::string& bytes) {
  if (document.appended == std::string::npos) return {};
  const std::size_t tag = bytes.find('>', document.appended);
  const std::size_t begin = tag == std::string::npos ? tag : bytes.find('_', tag);
  if (begin == std::string::npos) fail("its appended data do not begin with '_'");
  std::size_t end = bytes.size();
  if (document.appended_encoding != "raw") end = std::min(end, bytes.find('<', begin));
  return std::string_view(bytes).substr(begin + 1, end - begin - 1);
}

std::size_t whole_number(const std::string& word, const std::string& what) {
  std::size_t value = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (word.empty() || error != std::errc() || stop != end) {
    fail("found " + text::quoted(word) + " for " + what + ", expected a whole number");
  }
  return value;
}

VtkArray array_of(const Document& document, const Element& element, std::string_view appended) {
  VtkArray out;
  out.type = element.type;
  if (element.format == "ascii" || element.format == "binary") {
    out.format = element.format == "ascii" ? VtkArray::Format::ascii : VtkArray::Format::base64;
    out.data = element.text;
    return out;
  }
  if (element.format != "appended") {
    fail("found format " + text::quoted(element.format) + ", expected ascii, binary or appended");
  }
  const std::size_t offset = whole_number(element.offset, "offset");
  if (offset >= appended.size()) fail("the offset of an array lies behind the end of the file");
  const bool raw = document.appended_encoding == "raw";
  out.format = raw ? VtkArray::Format::appended_raw : VtkArray::Format::appended_base64;
  out.data = appended.substr(offset);
  return out;
}

/// Fans of the polygons, or the triangles of strips, which turn from one to the next.
void add_cells(const std::vector<std::int64_t>& corners, const std::vector<std::int64_t>& ends,
               std::size_t first_point, std::size_t points, bool strips, TriangleSurface& surface) {
  const auto point = [&](std::int64_t i) {
    const std::int64_t n = corners[std::size_t(i)];
    if (n < 0 || std::size_t(n) >= points) {
      fail(fmt::format("a triangle uses point {}, but there are {}", n, points));
    }
    return std::uint32_t(first_point + std::size_t(n));
  };
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    if (end < begin || std::size_t(end) > corners.size()) fail("the offsets make no sense");
    for (std::int64_t i = begin + 2; i < end; ++i) {
      const bool odd = strips && (i - begin) % 2 != 0;
      const std::uint32_t a = point(strips ? i - 2 : begin), b = point(i - 1), c = point(i);
      surface.triangles.push_back({odd ? b : a, odd ? a : b, c});
    }
    begin = end;
  }
}

class VtpReader {
 public:
  VtpReader(const std::string& path, const std::string& bytes)
      : document_(parse_xml(path, bytes)), appended_(appended_data(document_, bytes)) {}

  TriangleSurface read() {
    for (const Piece& piece : document_.pieces) add_piece(piece);
    return std::move(surface_);
  }

 private:
  void add_piece(const Piece& piece) {
    const std::size_t points = whole_number(piece.points, "NumberOfPoints");
    if (points == 0) return;
    const std::size_t first = surface_.points.size();
    const auto values = read_reals(array(piece, "Points/"), document_.encoding);
    if (values.size() % 3 != 0 || values.size() / 3 != points) {
      fail(fmt::format("it announces {} points, but there are {} coordinates", points,
                       values.size()));
    }
    if (first + points > 0xFFFFFFFEU) fail("it has more than 2^32 points");
    for (std::size_t n = 0; n < points; ++n) {
      const Vec3 p{values[3 * n], values[3 * n + 1], values[3 * n + 2]};
      for (const double x : p) {
        if (!std::isfinite(x)) fail(fmt::format("point {} is not a number", n));
      }
      surface_.points.push_back(p);
    }
    add(piece, "Polys", whole_number(piece.polygons, "NumberOfPolys"), first, points);
    add(piece, "Strips", whole_number(piece.strips, "NumberOfStrips"), first, points);
  }

  void add(const Piece& piece, const std::string& kind, std::size_t count, std::size_t first,
           std::size_t points) {
    if (count == 0) return;
    const auto corners = read_integers(array(piece, kind + "/connectivity"), document_.encoding);
    const auto ends = read_integers(array(piece, kind + "/offsets"), document_.encoding);
    if (ends.size() != count) {
      fail(
          fmt::format("it announces {} of {}, but there are {} offsets", count, kind, ends.size()));
    }
    add_cells(corners, ends, first, points, kind == "Strips", surface_);
  }

  VtkArray array(const Piece& piece, const std::string& key) const {
    const auto found = piece.arrays.find(key);
    if (found == piece.arrays.end()) fail("the array " + key + " is missing");
    return array_of(document_, found->second, appended_);
  }

  Document document_;
  std::string_view appended_;
  TriangleSurface surface_;
};

}  // namespace

SurfaceFile parse_vtp(const std::string& path, const std::string& bytes) {
  SurfaceFile out;
  try {
    out.surface = VtpReader(path, bytes).read();
    if (out.surface.triangles.empty()) fail("it holds no triangles");
  } catch (const InputError&) {
    throw;
  } catch (const std::runtime_error& e) {
    throw InputError(Problem{path, 0, "", e.what()});
  }
  return out;
}

}  // namespace thermodose
