"""The window that render.py draws in.

Implements: View: surfaces, lines and words in an off-screen VTK window, and the PNG of it. VTK is
used without ParaView: each of its representations took 0.1 to 0.3 s, a VTK actor takes none.
"""
from pathlib import Path

import vtkmodules.vtkRenderingFreeType  # noqa: F401  (draws letters)
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  (draws everything)
from vtkmodules.vtkCommonCore import vtkLogger
from vtkmodules.vtkIOImage import vtkPNGWriter
from vtkmodules.vtkRenderingCore import (vtkActor, vtkLight, vtkPolyDataMapper, vtkRenderer,
                                         vtkRenderWindow, vtkTextActor, vtkWindowToImageFilter)

INK, FAINT = (0.12, 0.13, 0.15), (0.55,) * 3
vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_WARNING)  # filters tell what they do


class View:
    """Width and height in pixels. Places of words are shares of them, from the lower left."""

    def __init__(self, size):
        self.size = size
        self.scale = size[1] / 1200  # sizes of letters and lines are those of 1200 pixels
        self.renderer = vtkRenderer()
        self.renderer.SetBackground(1, 1, 1)
        self.renderer.UseDepthPeelingOn()  # translucent layers that are sorted right
        self.renderer.SetMaximumNumberOfPeels(16)
        self.renderer.SetOcclusionRatio(0.002)
        self.renderer.UseFXAAOn()  # smooth edges; samples per pixel would multiply the peels
        light = vtkLight()  # one: without a graphics card five of a light kit took twice the time
        light.SetLightTypeToCameraLight()
        light.SetPosition(-0.4, 0.6, 1)
        self.renderer.AddLight(light)
        self.window = vtkRenderWindow()
        self.window.OffScreenRenderingOn()
        self.window.SetMultiSamples(0)
        self.window.SetAlphaBitPlanes(1)
        self.window.SetSize(*size)
        self.window.SetDPI(72)
        self.window.AddRenderer(self.renderer)

    def show(self, data, colour, opacity, width=None):
        """Draws a surface, or lines of a width; returns its vtkProperty."""
        mapper, actor = vtkPolyDataMapper(), vtkActor()
        mapper.SetInputData(data)
        mapper.ScalarVisibilityOff()  # one colour
        mapper.SetResolveCoincidentTopologyToPolygonOffset()  # lines are before their surfaces
        actor.SetMapper(mapper)
        shown = actor.GetProperty()
        shown.SetColor(*colour)
        shown.SetOpacity(opacity)
        shown.SetSpecular(0.25)
        shown.SetSpecularPower(30)
        if width:
            shown.SetLineWidth(max(1, width * self.scale))
            shown.SetAmbient(1)
            shown.SetDiffuse(0)
        self.renderer.AddActor(actor)
        return shown

    def say(self, text, position, size=20, colour=INK, bold=0):
        """Text at a place of the window; size in points of a picture 1200 pixels high."""
        actor = vtkTextActor()
        actor.SetInput(text)
        actor.GetPositionCoordinate().SetCoordinateSystemToNormalizedViewport()
        actor.SetPosition(*position)
        letters = actor.GetTextProperty()
        letters.SetFontFamilyToArial()
        letters.SetFontSize(max(4, round(size * self.scale)))
        letters.SetColor(*colour)
        letters.SetBold(bold)
        self.renderer.AddViewProp(actor)

    def save(self, path):
        self.renderer.ResetCameraClippingRange()
        self.window.Render()
        image, writer = vtkWindowToImageFilter(), vtkPNGWriter()
        image.SetInput(self.window)
        image.ReadFrontBufferOff()
        image.ShouldRerenderOff()
        Path(path).unlink(missing_ok=True)
        writer.SetFileName(str(path))
        writer.SetInputConnection(image.GetOutputPort())
        writer.Write()
        if not Path(path).is_file():  # VTK only prints a message
            raise OSError(f"{path}: could not be written")
